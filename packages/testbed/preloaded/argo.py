"""What Argo's programs would each import."""

import hera.workflows  # noqa: F401
import yaml  # noqa: F401
