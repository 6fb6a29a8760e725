"""The Content-Security-Policy that each page carries."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\b(?:src|type)=)[^>]*>(.*?)</script>", re.S)
CSP_TAG = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')


def content_security_policy(pages: Iterable[str]) -> str:
    """Allow our own files and, by their hashes, the theme's inline scripts; nothing else."""
    scripts = sorted({script for text in pages for script in INLINE_SCRIPT.findall(text)})
    hashes = " ".join(hash_source(script) for script in scripts)
    return (
        f"default-src 'self'; script-src 'self' {hashes}; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; worker-src 'self'; object-src 'none'; "
        "base-uri 'self'; form-action 'self'"
    )


def with_python(policy: str) -> str:
    """Let a page with a Run start Python, in a worker that stands under the page's policy.

    A worker from an address of its own would have no policy at all: only a blob's inherits it.
    """
    policy = policy.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
    return policy.replace("worker-src 'self'", "worker-src 'self' blob:")


def hash_source(inline: str) -> str:
    """Name an inline script or style in a policy."""
    return f"'{integrity(inline.encode())}'"


def integrity(content: bytes) -> str:
    """Hash a file's content as an integrity attribute does."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"


def with_policy(text: str, policy: str) -> str:
    """Put the policy first in a page's head, instead of any that is there."""
    text = CSP_TAG.sub("", text)
    if not policy:
        return text
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return text.replace('<meta charset="utf-8">', f'<meta charset="utf-8">\n{tag}', 1)
