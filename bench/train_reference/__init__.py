"""The two reference trainings on real pictures: `python -m bench.train_reference clothing|bccd`."""
