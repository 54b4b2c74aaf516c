/** The product's sign. */
export function Mark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <g fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round">
        <path d="M9 12V9h3M20 9h3v3M23 20v3h-3M12 23H9v-3" />
      </g>
      <circle cx="16" cy="16" r="3.2" fill="#fff" />
    </svg>
  );
}
