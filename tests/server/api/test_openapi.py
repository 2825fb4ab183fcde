"""docs/openapi.json is the machine interface as it is: its paths are those of the addresses, each status that
it names is answered here as it says, and no other is.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, override_settings

from procuration.record import limits
from procuration.record.sealed import Purpose, seal
from server.api import joining as joining_api
from server.api.rates import Rates
from server.config import urls, urls_agents
from server.ledger.durability import SecondPlace
from server.ledger.enrol import accept_signed
from tests import builders
from tests.builders import NOW, REALM
from tests.server.centre import World
from tests.server.ledger.test_joining import request_of, signed, tablet

API = json.loads((Path(__file__).parents[3] / "docs" / "openapi.json").read_text("utf-8"))
OCTETS = "application/octet-stream"
METHODS = ("get", "post", "put", "patch", "delete", "trace")
OPERATIONS = {
    (path, method): operation
    for path, item in API["paths"].items()
    for method, operation in item.items()
    if method in METHODS
}


def found(reference: object) -> object:
    """What a `$ref` points at."""
    if isinstance(reference, dict) and "$ref" in reference:
        at = API
        for part in reference["$ref"].removeprefix("#/").split("/"):
            at = at[part]
        return at
    return reference


RESPONSES = {
    (path, method, int(status)): found(response)
    for (path, method), operation in OPERATIONS.items()
    for status, response in operation["responses"].items()
}


@pytest.fixture(autouse=True)
def agents(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The agents' address, its counts begun anew."""
    rates = Rates(each=120, each_seconds=600, together=1_000, together_seconds=60)
    monkeypatch.setattr(joining_api, "RATES", rates)
    only = ["server.config.headers.security_headers"]
    with override_settings(ROOT_URLCONF="server.config.urls_agents", MIDDLEWARE=only):
        yield world


def posts(path: str, data: bytes, **headers: str) -> HttpResponse:
    return Client().post(path, data, content_type=OCTETS, **headers)


@contextmanager
def no_database() -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise OperationalError("the database went away")

    with connection.execute_wrapper(refuse):
        yield


# what makes each answer


def synced(world: World) -> HttpResponse:
    kiosk = world.kiosk()
    kiosk.files(1)
    return posts("/v1/sync", kiosk.sealed())


def without_length(path: str) -> Callable[[World], HttpResponse]:
    return lambda _world: posts(path, b"x", CONTENT_LENGTH="")


def too_large(path: str) -> Callable[[World], HttpResponse]:
    def ask(_world: World) -> HttpResponse:
        most = OPERATIONS[path, "post"]["requestBody"]["content"][OCTETS]["schema"]["maxLength"]
        assert posts(path, bytes(most)).status_code == 422, "this size is still read"
        return posts(path, b"x", CONTENT_LENGTH=str(most + 1))

    return ask


def noise(path: str) -> Callable[[World], HttpResponse]:
    return lambda _world: posts(path, b"noise")


def in_trouble(path: str, method: str = "post") -> Callable[[World], HttpResponse]:
    def ask(world: World) -> HttpResponse:
        bodies = {
            "/v1/sync": world.kiosk().sealed(),
            "/v1/enrol": tablet().sealed_enrolment(),
            "/v1/enrolment": request_of(tablet()),
        }
        with no_database():
            return posts(path, bodies[path]) if method == "post" else Client().get(path)

    return ask


def enrolled(_world: World) -> HttpResponse:
    return posts("/v1/enrol", tablet().sealed_enrolment())


def waits(_world: World) -> HttpResponse:
    return posts("/v1/enrolment", request_of(tablet()))


def answered(world: World) -> HttpResponse:
    accept_signed(world.centre, signed(tablet()), NOW)
    return waits(world)


def other(world: World) -> HttpResponse:
    waits(world)
    return posts("/v1/enrolment", request_of(tablet(), sealing_key=tablet("stranger").sealing_key.public))


def too_often(world: World) -> HttpResponse:
    joining_api.RATES = Rates(each=1, each_seconds=600, together=9, together_seconds=60)
    waits(world)
    return waits(world)


def health(_world: World) -> HttpResponse:
    return Client().get("/v1/health")


def table(world: World) -> HttpResponse:
    folder = world.centre.home / "tuf" / "metadata"
    folder.mkdir(parents=True)
    (folder / "timestamp.json").write_bytes(b"{}")
    return Client().get("/tuf/metadata/timestamp.json")


def no_table(_world: World) -> HttpResponse:
    return Client().get("/tuf/metadata/absent.json")


ASKED: dict[tuple[str, str, int], Callable[[World], HttpResponse]] = {
    ("/v1/sync", "post", 200): synced,
    ("/v1/enrol", "post", 204): enrolled,
    ("/v1/enrolment", "post", 200): answered,
    ("/v1/enrolment", "post", 202): waits,
    ("/v1/enrolment", "post", 409): other,
    ("/v1/enrolment", "post", 429): too_often,
    **{(path, "post", 411): without_length(path) for path in ("/v1/sync", "/v1/enrol", "/v1/enrolment")},
    **{(path, "post", 413): too_large(path) for path in ("/v1/sync", "/v1/enrol", "/v1/enrolment")},
    **{(path, "post", 422): noise(path) for path in ("/v1/sync", "/v1/enrol", "/v1/enrolment")},
    **{(path, "post", 503): in_trouble(path) for path in ("/v1/sync", "/v1/enrol", "/v1/enrolment")},
    ("/v1/health", "get", 200): health,
    ("/v1/health", "get", 503): in_trouble("/v1/health", "get"),
    ("/tuf/{folder}/{name}", "get", 200): table,
    ("/tuf/{folder}/{name}", "get", 404): no_table,
}


def test_every_answer_that_is_named_is_asked_for_here():
    assert set(ASKED) == set(RESPONSES)


@pytest.mark.parametrize("wanted", ASKED, ids=lambda one: " ".join(map(str, one)))
def test_an_answer_is_what_the_file_says(wanted: tuple[str, str, int], agents: World):
    answer, named = ASKED[wanted](agents), RESPONSES[wanted]
    assert answer.status_code == wanted[2]
    content = b"".join(answer) if answer.streaming else answer.content
    if "content" not in named:
        assert content == b""
        return
    ((kind, media),) = named["content"].items()
    assert answer.headers["Content-Type"] == kind
    if kind == "application/json":
        assert faults(json.loads(content), media["schema"]) == []
    else:
        assert 0 < len(content) <= media["schema"].get("maxLength", len(content))
    headers = {name: found(header) for name, header in named.get("headers", {}).items()}
    assert ("Retry-After" in answer.headers) == ("Retry-After" in headers)
    for name, header in headers.items():
        assert faults(int(answer.headers[name]), header["schema"]) == []


def faults(value: object, schema: object) -> list[str]:
    """What does not hold, for the few words of JSON Schema that the file uses."""
    schema = found(schema)
    assert isinstance(schema, dict)
    known = {
        *("type", "required", "additionalProperties", "properties", "pattern", "description", "enum"),
        *("const", "minimum", "maximum", "allOf"),
    }
    assert set(schema) <= known
    wrong = [fault for part in schema.get("allOf", ()) for fault in faults(value, part)]
    kinds = {"object": dict, "string": str, "integer": int}
    if "type" in schema and not isinstance(value, kinds[schema["type"]]):
        wrong.append(f"no {schema['type']}: {value}")
    if "enum" in schema and value not in schema["enum"]:
        wrong.append(f"not in the list: {value}")
    if "const" in schema and value != schema["const"]:
        wrong.append(f"another value: {value}")
    if "pattern" in schema and not re.search(schema["pattern"], str(value)):
        wrong.append(f"another form: {value}")
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        wrong.append(f"out of bounds: {value}")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        wrong += [f"missing: {name}" for name in schema.get("required", ()) if name not in value]
        if schema.get("additionalProperties") is False:
            wrong += [f"unexpected: {name}" for name in value if name not in properties]
        for name in set(value) & set(properties):
            wrong += faults(value[name], properties[name])
    return wrong


# nothing else


def test_the_paths_are_those_of_the_agents_address():
    served = {"/" + re.sub(r"<str:(\w+)>", r"{\1}", str(one.pattern)) for one in urls_agents.urlpatterns}
    assert served == set(API["paths"])
    machines = [str(one.pattern) for one in urls.urlpatterns if str(one.pattern).startswith("v1/")]
    assert machines == ["v1/health"], "the browsers' address answers what the file says it does"


@pytest.mark.parametrize("path", [path for path, _ in OPERATIONS])
def test_a_method_that_is_not_named_is_refused(path: str):
    there = path.format(folder="metadata", name="timestamp.json")
    for method in {"post", "put", "patch", "delete"} - {name for at, name in OPERATIONS if at == path}:
        assert getattr(Client(), method)(there).status_code == 405, method


@pytest.mark.parametrize("path", ["/v1/sync", "/v1/enrol", "/v1/enrolment"])
def test_hostile_bodies_get_no_answer_that_is_not_named(path: str, agents: World):
    named = {status for at, _, status in RESPONSES if at == path}
    purposes = (Purpose.ENROL, Purpose.UP, Purpose.DOWN)
    public = builders.sealing_key("server").public
    bodies = [b"", b"\x00", b"\xff" * 4_000, request_of(tablet())[:-1], b"{}", b"--x\r\n\r\n--x--"]
    bodies += [seal(inside, public, purpose, REALM) for inside in (b"", b"\xa0") for purpose in purposes]
    for body in bodies:
        for kind in (OCTETS, "multipart/form-data; boundary=x", "application/json", "text/plain"):
            answer = Client().post(path, body, content_type=kind)
            assert answer.status_code in named, (body[:20], kind)
            wanted = RESPONSES[path, "post", answer.status_code]["content"]["application/json"]["schema"]
            assert faults(answer.json(), wanted) == []


def test_a_stranger_gets_a_code_that_is_named(agents: World):
    answer = posts("/v1/sync", tablet("nobody").sealed())
    assert answer.json() == {"code": "APPAREIL_INCONNU"}
    schema = RESPONSES["/v1/sync", "post", 422]["content"]["application/json"]["schema"]
    assert faults(answer.json(), schema) == []


def test_limits_and_places_are_those_of_the_code():
    def most(path: str) -> int:
        return OPERATIONS[path, "post"]["requestBody"]["content"][OCTETS]["schema"]["maxLength"]

    assert most("/v1/sync") == limits.SEALED_BUNDLE_BYTES_MAX
    assert most("/v1/enrol") == limits.ENROLMENT_BYTES_MAX + 2048
    assert most("/v1/enrolment") == limits.ENROLMENT_REQUEST_BYTES_MAX
    durable = API["components"]["schemas"]["Health"]["properties"]["durable"]["enum"]
    assert durable == [place.value for place in SecondPlace]


def test_the_file_is_an_openapi_document_that_says_something_of_everything():
    assert API["openapi"].startswith("3.1.")
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)
    for operation in OPERATIONS.values():
        assert operation["summary"]
        assert all(found(response)["description"] for response in operation["responses"].values())
