"""A browser as a person uses it, and pictures of what it shows."""

from base64 import b64decode
from pathlib import Path

from django.contrib.auth.models import User
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

from tests.server.townhall import code_of, new_application

PICTURES = Path(__file__).resolve().parents[2] / "build" / "web"
WIDTHS = (1280, 390)
SECONDS = 20


def plain(words: str) -> str:
    """Words with ordinary spaces; typography has its own tests."""
    return words.replace("\u202f", " ").replace("\xa0", " ")


class Person:
    """Somebody in front of the browser."""

    def __init__(self, browser: Chrome, site: str) -> None:
        self.browser, self.site = browser, site

    def opens(self, address: str) -> None:
        self.browser.get(self.site + address)

    def types(self, label: str, text: str) -> None:
        field = self.browser.find_element(By.XPATH, f"//label[contains(., '{label}')]").get_attribute("for")
        self.browser.find_element(By.ID, field).send_keys(text)

    def presses(self, words: str) -> None:
        """A link or a button, by the words on it; another page comes."""
        where = f"//main//a[normalize-space()='{words}'] | //button[normalize-space()='{words}']"
        self._leaves_by(self.browser.find_element(By.XPATH, where))

    def _leaves_by(self, element: WebElement) -> None:
        """Press what brings another page, and wait until that page is there."""
        page = self.browser.find_element(By.TAG_NAME, "html")
        element.click()
        # While the old page goes, the driver may answer with an error of its own instead of « stale ».
        wait = WebDriverWait(self.browser, SECONDS, 0.05, ignored_exceptions=[WebDriverException])
        wait.until(staleness_of(page))

    def chooses(self, label: str) -> None:
        self.browser.find_element(By.XPATH, f"//label[normalize-space()='{label}']").click()

    def sees(self, words: str) -> bool:
        return words in plain(self.browser.find_element(By.TAG_NAME, "body").text)

    def title(self) -> str:
        return plain(self.browser.find_element(By.TAG_NAME, "h1").text)

    def signs_in(self, username: str, password: str) -> None:
        self.opens("/connexion/")
        self.types("Nom du compte", username)
        self.types("Mot de passe", password)
        application = new_application(User.objects.get(username=username))
        self.presses("Se connecter")
        self.types("Code à six chiffres", code_of(application))
        self.presses("Valider le code")

    def widest_overflow(self) -> int:
        """By how many pixels the page is wider than the window; 0 when nothing sticks out."""
        return int(
            self.browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
        )

    def pictures(self, name: str) -> list[int]:
        """The whole page at both widths, kept in build/web. Returns: the overflow at each."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        overflow = []
        for width in WIDTHS:
            self.browser.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride",
                {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
            )
            overflow.append(self.widest_overflow())
            height = self.browser.execute_script("return document.documentElement.scrollHeight")
            shot = {
                "captureBeyondViewport": True,
                "clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1},
            }
            picture = self.browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", **shot})
            (PICTURES / f"{name}-{width}.png").write_bytes(b64decode(picture["data"]))
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        return overflow
