/** The product's mark: a bollard with a line around it. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" className="shrink-0">
      <defs>
        <linearGradient id="mark-water" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#1d8296" />
          <stop offset="1" stopColor="#0d4a66" />
        </linearGradient>
      </defs>
      <rect width="32" height="32" rx="7.5" fill="url(#mark-water)" />
      <rect x="7" y="7.5" width="18" height="5.5" rx="2.75" fill="#fff" />
      <path d="M11.5 12h9v11h-9z" fill="#fff" />
      <rect x="6" y="23" width="20" height="3" rx="1.5" fill="#fff" />
      <path
        d="M1.5 17.2c4 3.6 9 4.6 14.5 4.2s10.500-2.200 14.500-5"
        fill="none"
        stroke="#0f5a74"
        strokeWidth="4.2"
      />
      <path
        d="M0 16.200c4.500 4.300 10 5.500 16 5.100s11.500-2.400 16-5.600"
        fill="none"
        stroke="#f0a93b"
        strokeWidth="2.600"
      />
    </svg>
  );
}
