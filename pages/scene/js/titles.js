// What stands over the parts of the scene.

export function surfaceTitle(quantity, kind) {
  return kind === "log" ? `Height = log(${quantity})` : `Height = ${quantity}`;
}

export function insideTitle({ racer, parts, ends }, axes) {
  const pairs = parts.some((part) => part.form === "curves" && part.width === 2);
  const remarks = [pairs && `${axes[0]} solid, ${axes[1]} dashed`, Number.isFinite(ends) && `drawn until it came to rest at tick ${ends}: later steps are rounding`];
  return [`Inside ${racer.name}`, remarks.filter(Boolean).join("; ")].filter(Boolean).join(": ");
}
