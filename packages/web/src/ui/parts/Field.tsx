/** Form fields with label, hint and error tied together; native controls, styled. */
import { ChevronDown, CircleAlert } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import { useId } from 'react'
import './field.css'

export interface FieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  error?: string | null
  placeholder?: string
  maxLength?: number
  lines?: boolean
  autoComplete?: string
  secret?: boolean
  ref?: Ref<HTMLInputElement>
}

export function Field({ label, value, onChange, hint, error, lines, secret, ref, ...rest }: FieldProps) {
  const id = useId()
  const described = [hint === undefined ? '' : `${id}h`, error ? `${id}e` : ''].join(' ').trim()
  const common = {
    ...rest,
    id,
    value,
    className: 'field-input',
    'aria-invalid': error ? true : undefined,
    'aria-describedby': described === '' ? undefined : described,
    spellCheck: false,
  }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {lines === true ? (
        <textarea {...common} rows={3} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input
          {...common}
          ref={ref}
          type={secret === true ? 'password' : 'text'}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {hint === undefined ? null : (
        <p id={`${id}h`} className="field-hint">
          {hint}
        </p>
      )}
      {error ? <FieldProblem id={`${id}e`}>{error}</FieldProblem> : null}
    </div>
  )
}

export function FieldProblem({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} className="field-error" role="alert">
      <CircleAlert size={16} aria-hidden />
      <span>{children}</span>
    </p>
  )
}

export interface PickerProps {
  label: string
  value: string
  onChange: (value: string) => void
  options: readonly { readonly value: string; readonly label: string }[]
  /** Stands for the label, which is then only spoken; on a phone it stands for the value too. */
  icon?: ReactNode
  children?: ReactNode
}

/** A choice among few. Native: the best picker of every phone. */
export function Picker({ label, value, onChange, options, icon, children }: PickerProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id} className={icon === undefined ? undefined : 'unseen'}>
        {label}
      </label>
      <div className={icon === undefined ? 'picker' : 'picker picker-icon'}>
        {icon}
        <select
          id={id}
          className="field-input"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown className="picker-arrow" size={18} aria-hidden />
      </div>
      {children}
    </div>
  )
}

export interface SwitchProps {
  label: string
  hint?: string
  on: boolean
  onChange: (on: boolean) => void
}

export function Switch({ label, hint, on, onChange }: SwitchProps) {
  return (
    <label className="switch">
      <input
        type="checkbox"
        role="switch"
        aria-checked={on}
        checked={on}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        {label}
        {hint === undefined ? null : <span className="field-hint">{hint}</span>}
      </span>
    </label>
  )
}
