"""What checks and builds the site: the course as data, its rules, its build, help for authors."""
