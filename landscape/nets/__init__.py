"""Small nets: data, models, training, and planes through their weight space. torch is imported by the modules, not by the package."""
