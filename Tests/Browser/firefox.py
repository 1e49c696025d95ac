"""Firefox by its own protocol, Marionette, as Selenium knows a browser: Debian has no geckodriver, which would translate between the two."""

import json
import os
import socket
import subprocess
import time

from selenium import webdriver
from selenium.webdriver.remote.errorhandler import ErrorHandler
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.support.wait import WebDriverWait

# Selenium's names, of what these tests use.
COMMANDS = {
    "quit": "DeleteSession", "get": "Navigate", "w3cExecuteScript": "ExecuteScript", "w3cExecuteScriptAsync": "ExecuteAsyncScript", "findElement": "FindElement",
    "findElements": "FindElements", "clickElement": "ElementClick", "sendKeysToElement": "ElementSendKeys", "actions": "PerformActions", "setWindowRect": "SetWindowRect",
    "getElementAriaRole": "GetComputedRole", "getElementAriaLabel": "GetComputedLabel",
}
#: What a page may ask of its surroundings, and the setting by which it is so.
MEDIA = {
    ("prefers-reduced-motion", "reduce"): ("ui.prefersReducedMotion", 1), ("prefers-color-scheme", "dark"): ("layout.css.prefers-color-scheme.content-override", 0),
    ("forced-colors", "active"): ("browser.display.document_color_use", 2),
}


class Marionette(RemoteConnection):
    """Messages are JSON with their length before them: `12:[0,1,"…",{}]`."""

    def __init__(self, connection, strategy):
        super().__init__("http://127.0.0.1")
        self.connection, self.stream, self.strategy, self.count = connection, connection.makefile("rb"), strategy, 0
        self.receive()  # what it is

    def receive(self):
        length = b""
        while (byte := self.stream.read(1)) not in (b":", b""):
            length += byte
        return json.loads(self.stream.read(int(length)))

    def ask(self, name, parameters):
        self.count += 1
        message = json.dumps([0, self.count, name, parameters]).encode()
        self.connection.sendall(b"%d:%s" % (len(message), message))
        _, _, error, answer = self.receive()
        if error:
            ErrorHandler().check_response({"status": 500, "value": json.dumps({"value": error})})
        return answer

    def execute(self, command, params):
        if command == "newSession":
            return {"value": self.ask("WebDriver:NewSession", {"pageLoadStrategy": self.strategy})}
        if command == "screenshot":
            return self.ask("WebDriver:TakeScreenshot", {"full": False})
        answer = self.ask("WebDriver:" + COMMANDS[command], {name: value for name, value in params.items() if name != "sessionId"})
        return answer if isinstance(answer, dict) and "value" in answer else {"value": answer}


class Firefox(webdriver.Remote):
    def __init__(self, profile, strategy, **settings):
        os.makedirs(profile)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = {"marionette.port": port, "focusmanager.testmode": True, "intl.accept_languages": "en-GB, en", "intl.locale.requested": "en-GB", **settings}
        with open(f"{profile}/user.js", "w", encoding="utf-8") as file:
            file.writelines(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items())
        with open(f"{profile}/log", "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(["firefox-esr", "--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--profile", profile, "about:blank"],
                                            stdout=log, stderr=log, env={**os.environ, "HOME": profile, "MOZ_HEADLESS_WIDTH": "1280", "MOZ_HEADLESS_HEIGHT": "985"})
        super().__init__(command_executor=Marionette(self.connected(port), strategy), options=webdriver.FirefoxOptions())

    def connected(self, port):
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port))
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    raise
                time.sleep(0.1)

    def chrome(self, script, *args):
        """In the browser itself, not in the page."""
        ask = self.command_executor.ask
        ask("Marionette:SetContext", {"value": "chrome"})
        answer = ask("WebDriver:ExecuteScript", {"script": script, "args": args, "sandbox": "system"})
        ask("Marionette:SetContext", {"value": "content"})
        return answer["value"]

    # As Chromium has them, see chromium_test.py.

    def media(self, **features):
        for name, _ in MEDIA.values():
            self.chrome("Services.prefs.clearUserPref(arguments[0])", name)
        for feature in features.items():
            self.chrome("Services.prefs.setIntPref(...arguments)", *MEDIA[feature])
        # The page's own process hears of it a moment later.
        for name, value in MEDIA:
            WebDriverWait(self, 60).until(
                lambda _, asked=f"({name}: {value})", hoped=features.get(name) == value: self.execute_script("return matchMedia(arguments[0]).matches", asked) == hoped)

    def javascript(self, is_on):
        self.chrome("Services.prefs.setBoolPref('javascript.enabled', arguments[0])", is_on)

    def problems(self):
        return self.chrome("""return Services.console.getMessageArray()
          .filter((m) => m instanceof Ci.nsIScriptError && !(m.flags & Ci.nsIScriptError.warningFlag) && /^http/.test(m.sourceName)).map((m) => `${m.errorMessage} ${m.sourceName}:${m.lineNumber}`)""")

    def quit(self):
        self.command_executor.ask("Marionette:Quit", {"flags": ["eForceQuit"]})
        self.command_executor.stream.close()
        self.command_executor.connection.close()
        self.process.wait()
