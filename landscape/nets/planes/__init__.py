"""Planes through the weight space of a net: directions, the loss over them, training paths, curvature.

`own.landscape_of` takes any torch module and does it all; the parts are in `objective`, `plane`, `surface`, `paths`, `curvature`,
`sharpness` and `connect`. Racing optimizers on a plane needs no torch: see `landscape.slice`.
"""

from landscape.nets.planes.connect import Crossing, bezier, straight
from landscape.nets.planes.curvature import Estimate, Spectrum, lanczos, trace
from landscape.nets.planes.objective import Objective
from landscape.nets.planes.own import NetLandscape, landscape_of, objective_of
from landscape.nets.planes.paths import PathOnPlane, path_on_plane
from landscape.nets.planes.plane import Plane, Projection, axis, hessian_plane, pca_plane, plane_through, random_plane
from landscape.nets.planes.sharpness import edge_of_stability, loss_rise, width
from landscape.nets.planes.surface import Cancelled, Surface, loss_over, refined

__all__ = [
    "Cancelled",
    "Crossing",
    "Estimate",
    "NetLandscape",
    "Objective",
    "PathOnPlane",
    "Plane",
    "Projection",
    "Spectrum",
    "Surface",
    "axis",
    "bezier",
    "edge_of_stability",
    "hessian_plane",
    "lanczos",
    "landscape_of",
    "loss_over",
    "loss_rise",
    "objective_of",
    "path_on_plane",
    "pca_plane",
    "plane_through",
    "random_plane",
    "refined",
    "straight",
    "trace",
    "width",
]
