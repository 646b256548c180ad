/** Scenes whose movement is in the stylesheet rest while they are out of sight: the class `is-away` says so. */

const SCENES = ".hero, .numbers, .temple";

export function wakeScenes(): void {
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) target.classList.toggle("is-away", !isIntersecting);
  });
  for (const scene of document.querySelectorAll(SCENES)) observer.observe(scene);
}
