"""One thread for PyTorch: small nets gain nothing from a second, and on a busy machine two were up to 40 times slower."""

import torch

torch.set_num_threads(1)
