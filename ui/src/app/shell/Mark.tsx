/* The product's mark: a bollard with a line around it. Drawn in two sizes, as the app's icons are. */

const LARGE_FROM_PX = 40;

export function Mark({ size = 22 }: { size?: number }) {
  return size >= LARGE_FROM_PX ? <LargeMark size={size} /> : <SmallMark size={size} />;
}

function Water({ id }: { id: string }) {
  return (
    <linearGradient id={id} x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stopColor="#2390a4" />
      <stop offset="1" stopColor="#0d3b5c" />
    </linearGradient>
  );
}

function SmallMark({ size }: { size: number }) {
  return (
    <svg viewBox="0 0 16 16" width={size} height={size} aria-hidden="true" className="shrink-0">
      <defs>
        <Water id="mark-small-water" />
        <clipPath id="mark-small-tile">
          <rect width="16" height="16" rx="3.5" />
        </clipPath>
      </defs>
      <g clipPath="url(#mark-small-tile)">
        <rect width="16" height="16" fill="url(#mark-small-water)" />
        <rect x="4" y="3" width="8" height="2.6" rx="1.3" fill="#fff" />
        <path d="M5.5 5h5l.5 7h-6z" fill="#fff" />
        <rect x="3" y="11.4" width="10" height="1.8" rx="0.9" fill="#fff" />
        <path d="M0 9.6C3 9.9 9 10.6 16 7" fill="none" stroke="#ffc46b" strokeWidth="1.7" />
      </g>
    </svg>
  );
}

function LargeMark({ size }: { size: number }) {
  return (
    <svg viewBox="16 16 480 480" width={size} height={size} aria-hidden="true" className="shrink-0">
      <defs>
        <Water id="mark-water" />
        <clipPath id="mark-tile">
          <rect x="16" y="16" width="480" height="480" rx="112" />
        </clipPath>
        <clipPath id="mark-post">
          <path d="M184 190h144l14 180H170z" />
        </clipPath>
      </defs>
      <g clipPath="url(#mark-tile)">
        <rect x="16" y="16" width="480" height="480" fill="url(#mark-water)" />
        <path d="M0 338C80 330 130 290 200 246" fill="none" stroke="#cf8a34" strokeWidth="34" />
        <rect x="148" y="122" width="216" height="74" rx="37" fill="#fff" />
        <path d="M184 190h144l14 172H170z" fill="#fff" />
        <rect x="116" y="356" width="280" height="48" rx="24" fill="#fff" />
        <g fill="none" stroke="#ffc46b" strokeWidth="34">
          <path clipPath="url(#mark-post)" d="M150 236C210 262 300 262 370 232" />
          <path clipPath="url(#mark-post)" d="M150 292C200 318 270 326 350 304" />
          <path d="M330 311C400 292 450 258 512 206" />
        </g>
      </g>
    </svg>
  );
}
