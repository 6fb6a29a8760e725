"""What Prefect's programs would each import, the parts that a flow brings in included."""

import prefect.main  # noqa: F401
