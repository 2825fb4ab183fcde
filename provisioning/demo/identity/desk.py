"""Starts the identity providers of a demonstration, and describes them to the centre as a deployer would."""

import json
import shutil
from pathlib import Path
from typing import Any, Final

from provisioning.demo.processes import Actor, Programs

PROGRAM: Final = Path(__file__).parent / "provider.mjs"
SITE_FILE: Final = "identity.toml"
_AMR: Final = '{"id_token":{"amr":{"essential":true}}}'
"""ProConnect says by which factors an agent signed in only when it is asked so (DOMAIN 5.2)."""


def offered_providers(programs: Programs, site: str, folder: Path) -> Path | None:
    """The identity file of a demonstration whose providers run; None on a machine without Node or its
    packages: then accounts of the centre are all there is.
    """
    packages = programs.folder / ".node" / "node_modules"
    if shutil.which("node") is None or not (packages / "oidc-provider").is_dir():
        return None
    return write_identity_file(start_providers(programs, packages), site, folder)


def start_providers(programs: Programs, packages: Path, name: str = "identity") -> Actor:
    """The four providers, in one program that ends with the caller.

    Args:
        packages: the `node_modules` folder that holds oidc-provider (provisioning/node).

    Raises: DemoFailed, when they do not answer.
    """
    providers = Actor(programs, name, ["node", str(PROGRAM), str(packages)], {})
    providers.do("describe")  # it answers once every port is open
    return providers


def write_identity_file(providers: Actor, site: str, folder: Path) -> Path:
    """Let a site ask the providers, and write the file that its setting `identity_file` names.

    Args:
        site: `public_url` of the centre.
        folder: where the file and its secrets go, for their owner only.
    """
    providers.do("site", url=site)
    profiles = providers.do("describe")["profiles"]
    assert isinstance(profiles, dict)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = [line for name, profile in profiles.items() for line in _described(name, profile, folder)]
    path = folder / SITE_FILE
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _described(name: str, profile: dict[str, Any], folder: Path) -> list[str]:
    """One `[[provider]]` of the file; its secrets beside it."""
    settings: dict[str, object] = {
        "name": name,
        "label": profile["label"],
        "kind": name,
        "issuer": profile["issuer"],
        "client_id": profile["client_id"],
        "client_secret_file": _secret(folder / f"{name}.secret", profile["client_secret"]),
        "scopes": profile["scopes"],
        "acr": profile["acr"],
        "id_token_algorithms": [profile["id_token_algorithm"]],
        "userinfo_algorithms": [profile["userinfo_algorithm"]],
        "pkce": profile["pkce"],
    }
    if name == "proconnect":
        settings["claims"] = _AMR
    if name == "franceconnect_plus":
        settings["certified_acr"] = "eidas3"
    if profile["decryption_key"]:
        settings["decryption_key_file"] = _secret(folder / f"{name}.pem", profile["decryption_key"])
    # A JSON text, number, truth value or list of texts is the same in TOML.
    return ["[[provider]]", *(f"{key} = {json.dumps(value)}" for key, value in settings.items()), ""]


def _secret(path: Path, content: str) -> str:
    path.touch(mode=0o600)
    path.write_text(content, encoding="utf-8")
    return path.name
