"""The little Python this project owns: the course as data, its Markdown, its rules, its build."""
