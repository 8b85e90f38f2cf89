"""Local models: the models that can be pulled, the models that this machine has, its hardware."""
