"""What a run is told to do, and the faults that it cannot have."""

import argparse
import os

from faults import FAULTS
from world import DELIVERIES


def arguments(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faults", nargs="*", metavar="fault", help="only these, in this order (all, in an order drawn from the seed)")
    parser.add_argument("--list", action="store_true", help="say what there is")
    parser.add_argument("--seed", type=int, default=1, help="of every choice (1)")
    parser.add_argument("--rate", type=float, default=8, help="videos inserted a second (8)")
    parser.add_argument("--lease", type=float, default=3, help="LEASE_SECONDS of the workers (3; in life 30)")
    parser.add_argument("--short", action="store_true", help="nothing that takes a minute or more")
    parser.add_argument("--promotions", type=int, default=0, help="promote so many times in addition")
    parser.add_argument("--mixed", type=int, default=0, help="seconds of two faults at once, drawn anew again and again, after the single ones")
    parser.add_argument("--only-mixed", action="store_true", help="no single ones before")
    parser.add_argument("--local-store", action="store_true", help="store in a folder that all hosts share instead of the object store")
    parser.add_argument("--delivery", choices=DELIVERIES, default="relay", help="who wakes the workers, beside the sweeps (relay)")
    parser.add_argument("--bin", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../.build/debug"), help="folder of the programs")
    parser.add_argument("--old-bin", help="folder of an older version's programs, for rolling-upgrade")
    options = parser.parse_args()
    impossible = {name: reason for name, reason in missing(options).items() if name in options.faults}
    unknown = [name for name in options.faults if name not in FAULTS]
    if unknown or impossible:
        parser.error(", ".join([f"no fault {name} (see --list)" for name in unknown] + [f"{name}: {reason}" for name, reason in impossible.items()]))
    return options


def missing(options):
    """Faults there cannot be, with the reason."""
    reasons = {}
    for who in {"relay", "pg_net"} - DELIVERIES[options.delivery]:
        reasons.update({name: f"no {who}" for name, fault in FAULTS.items() if fault.group == who})
    if options.delivery == "pg-cron":
        # "bad magic number in sequence": an unlogged table's sequence has no content on a standby that is promoted. The history says so.
        reasons.update({name: "a promotion loses pg_net's sequence, and nobody else wakes workers" for name in ("promotion", "role-flip")})
    if not options.old_bin:
        reasons["rolling-upgrade"] = "no --old-bin"
    if options.local_store:
        reasons.update({name: "the store is a local one" for name in FAULTS if name.startswith("store-")})
    else:
        reasons["local-store-full"] = "the store is not a local one"
    return reasons
