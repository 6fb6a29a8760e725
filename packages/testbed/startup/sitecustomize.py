"""Denies a program what `testbed.denied` denies: Python imports this before the program."""

from testbed.denied import deny_by_environment

deny_by_environment()
