"""What Argo's programs would each import."""

import hera.workflows
import yaml
