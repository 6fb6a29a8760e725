"""Python imports this before any program, where its folder is on the path."""

from testbed.denied import deny_by_environment

deny_by_environment()
