"""Loads the status pages of two stacks in turns, again and again, and prints a table of how soon what is there: medians in milliseconds from the start of loading."""

import os
import statistics
import sys

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

WORK, VIDEOS = os.environ["WORK"], sys.argv[1]
STACKS = [(os.environ[name], os.environ[name + "_SECRET"]) for name in ("FEW", "MANY")]
LOADS = 9
WATCH = """
  window.seen = {};
  const look = () => {
    for (const [name, selector] of [['list', '#gallery[aria-busy=false] .video'], ['figures', '#figures[aria-busy=false] .figure']]) {
      if (!(name in seen) && document.querySelector(selector)) seen[name] = performance.now();
    }
    if (Object.keys(seen).length < 2) requestAnimationFrame(look);
  };
  look();
"""
SEEN = """
  const done = arguments[0];
  const look = () => Object.keys(seen).length === 2 ? done({'first paint': performance.getEntriesByName('first-contentful-paint')[0].startTime, ...seen}) : setTimeout(look, 20);
  look();
"""


def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--window-size=1280,900", f"--user-data-dir={WORK}/chromium"):
        options.add_argument(argument)
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    driver.set_script_timeout(60)
    return driver


driver = browser()
try:
    for base, secret in STACKS:
        driver.get(base + "/")
        driver.execute_script("sessionStorage.setItem('thumbnails-token', arguments[0])", secret)
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    print(f"| {'ms':<34} | {'10 videos':>10} | {VIDEOS:>10} | ratio |\n|---|---|---|---|")
    for name, address in (("what happened last", "/"), ("what has failed", "/?state=failed"), ("what waits", "/?state=pending")):
        loads = [[], []]
        for _ in range(LOADS):
            for (base, _), seen in zip(STACKS, loads):
                driver.get("about:blank")
                driver.get(base + address)
                seen.append(driver.execute_async_script(SEEN))
        for what in ("first paint", "list", "figures"):
            few, many = (statistics.median(load[what] for load in seen) for seen in loads)
            print(f"| {name + ': ' + what:<34} | {few:10.0f} | {many:10.0f} | {many / few:5.2f} |", flush=True)
finally:
    driver.quit()
