"""The document of a report (`dataset.report.document`) for people and for other programs."""
