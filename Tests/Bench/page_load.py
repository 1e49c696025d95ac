"""Loads the status page again and again and says how soon what is there: `name|median` lines, in milliseconds from the start of loading."""

import os
import statistics
import sys

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

BASE, SECRET, WORK, VIDEOS = os.environ["BASE"], os.environ["CRON_SECRET"], os.environ["WORK"], sys.argv[1]
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

options = webdriver.ChromeOptions()
options.binary_location = "/usr/bin/chromium"
for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--window-size=1280,900",
                 f"--user-data-dir={WORK}/chromium-{VIDEOS}"):
    options.add_argument(argument)
driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
driver.set_script_timeout(60)
try:
    driver.get(BASE + "/")
    driver.execute_script("sessionStorage.setItem('thumbnails-token', arguments[0])", SECRET)
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    for name, address in (("what happened last", "/"), ("what has failed", "/?state=failed"), ("what waits", "/?state=pending")):
        loads = []
        for _ in range(LOADS):
            driver.get("about:blank")
            driver.get(BASE + address)
            loads.append(driver.execute_async_script("""
              const done = arguments[0];
              const look = () => Object.keys(seen).length === 2 ? done({paint: performance.getEntriesByName('first-contentful-paint')[0].startTime, ...seen}) : setTimeout(look, 20);
              look();"""))
        for what in ("paint", "list", "figures"):
            print(f"{name}: {'first paint' if what == 'paint' else what}|{round(statistics.median(load[what] for load in loads))}")
finally:
    driver.quit()
