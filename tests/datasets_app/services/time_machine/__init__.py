"""Random interleavings of everything that changes a project, against a model that copies everything."""
