"""The agent of a town hall: a real browser, moved by commands as the tablets are (see player.py).

{"do": "open", "url": "http://..."}
{"do": "type", "name": "Mot de passe", "text": "..."}    by the label of the field
{"do": "press", "name": "Valider"}                       a button or a link, by its words
{"do": "wait", "text": "..."}  {"do": "read"}  {"do": "picture", "path": "..."}  {"do": "quit"}
"""

import json
import signal
import sys
import time

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By

SECONDS_MAX = 60.0
CONTROLS = "//button | //a | //input[@type='submit'] | //label"


def plain(text):
    return " ".join((text or "").replace("’", "'").split())


class NotYet(Exception):
    """The page does not show what the command needs."""


class Browser:
    """Chromium without a window."""

    def __init__(self):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for word in (
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--lang=fr",
            "--no-proxy-server",
        ):
            options.add_argument(word)
        options.add_argument("--window-size=1280,1100")
        service = webdriver.ChromeService("/usr/bin/chromedriver")
        self.driver = webdriver.Chrome(options=options, service=service)

    def words(self):
        return [plain(line) for line in self.driver.find_element(By.TAG_NAME, "body").text.splitlines()]

    def do_open(self, command):
        self.driver.get(command["url"])

    def do_type(self, command):
        wanted = plain(command["name"])
        for label in self.driver.find_elements(By.TAG_NAME, "label"):
            if plain(label.text).startswith(wanted):
                field = self.driver.find_element(By.ID, label.get_attribute("for"))
                field.clear()
                field.send_keys(command["text"])
                return
        raise NotYet(f"no field called {wanted!r}")

    def do_press(self, command):
        wanted = plain(command["name"])
        controls = [c for c in self.driver.find_elements(By.XPATH, CONTROLS) if c.is_displayed()]
        exact = [c for c in controls if plain(c.text) == wanted]
        found = exact or [c for c in controls if plain(c.text).startswith(wanted)]
        if not found:
            raise NotYet(f"nothing to press called {wanted!r}: {[plain(c.text) for c in controls]}")
        found[0].click()

    def do_wait(self, command):
        wanted = plain(command["text"])
        if not any(wanted in line for line in self.words()):
            if command.get("reload"):
                time.sleep(0.5)
                self.driver.refresh()
            raise NotYet(f"{wanted!r} is not on the page")

    def do_read(self, _):
        return {"words": self.words(), "url": self.driver.current_url}

    def do_picture(self, command):
        self.driver.set_window_size(1280, 900)
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        self.driver.set_window_size(1280, max(900, min(2600, height + 140)))
        self.driver.save_screenshot(command["path"])

    def carry_out(self, command):
        """The answer to one command; what the page does not show yet is tried again until its time is
        over."""
        until = time.monotonic() + command.get("seconds", SECONDS_MAX)
        while True:
            try:
                return {"ok": True, **(getattr(self, "do_" + command["do"])(command) or {})}
            except (NotYet, WebDriverException) as reason:
                if time.monotonic() > until:
                    return {"ok": False, "error": str(reason), "words": self.words()}
                time.sleep(0.1)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that Chromium is closed too
    browser = Browser()
    try:
        for line in sys.stdin:
            command = json.loads(line)
            if command["do"] == "quit":
                break
            print(json.dumps(browser.carry_out(command)), flush=True)
    finally:
        browser.driver.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
