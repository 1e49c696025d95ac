"""All faults there are, by name, in the order in which they are played."""

import faults_of_processes  # noqa: F401
import faults_of_databases  # noqa: F401
import faults_of_platforms  # noqa: F401
import faults_of_networks  # noqa: F401
import faults_of_machines  # noqa: F401
from fault import FAULTS  # noqa: F401
