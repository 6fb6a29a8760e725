"""What Dagster's programs would each import: with its first instance come the storages."""

import dagster

with dagster.DagsterInstance.ephemeral():
    pass
