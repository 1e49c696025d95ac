"""What the programs of all hosts have logged."""

import calendar
import glob
import json
import time


class Logs:
    def __init__(self, machine):
        self.machine = machine

    def lines(self, service, host="*"):
        for path in glob.glob(self.machine.path("log", host + ".jsonl")):
            with open(path, errors="replace") as file:
                for line in file:
                    if f'"service":"{service}"' in line:
                        yield line

    def moments(self, service, text, since, host="*", process=None):
        """When a service said something, in seconds since 1970, in order."""
        moments = []
        for line in self.lines(service, host):
            if text not in line:
                continue
            try:
                said = json.loads(line)
            except ValueError:
                # Cut short by a SIGKILL.
                continue
            moment = calendar.timegm(time.strptime(said["time"][:19], "%Y-%m-%dT%H:%M:%S")) + float("0" + said["time"][19:-1])
            if moment >= since and process in (None, said.get("pid")):
                moments.append(moment)
        return sorted(moments)
