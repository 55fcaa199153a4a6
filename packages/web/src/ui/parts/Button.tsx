/** The buttons of every screen: one with words, one with an icon whose words show as a tooltip. */
import type { ReactNode, Ref } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip'
import './button.css'

export interface ButtonProps {
  children: ReactNode
  onPress?: () => void
  look?: 'primary' | 'quiet' | 'plain' | 'danger'
  small?: boolean
  wide?: boolean
  submit?: boolean
  disabled?: boolean
  autoFocus?: boolean
  expanded?: boolean
  ref?: Ref<HTMLButtonElement>
}

export function Button({ look = 'quiet', small, wide, submit, disabled, expanded, ...rest }: ButtonProps) {
  const size = `${small === true ? ' button-small' : ''}${wide === true ? ' button-wide' : ''}`
  return (
    <AriaButton
      {...rest}
      type={submit === true ? 'submit' : 'button'}
      isDisabled={disabled === true}
      aria-expanded={expanded}
      className={`button button-${look}${size}`}
    />
  )
}

export interface IconButtonProps {
  label: string
  children: ReactNode
  onPress?: () => void
  className?: string
  pressed?: boolean
  expanded?: boolean
  disabled?: boolean
  /** The shortcut's key, shown in the tooltip. */
  keys?: string
  ref?: Ref<HTMLButtonElement>
}

export function IconButton({
  label,
  className,
  pressed,
  expanded,
  disabled,
  keys,
  ...rest
}: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={80}>
      <AriaButton
        {...rest}
        aria-label={label}
        aria-pressed={pressed}
        aria-expanded={expanded}
        isDisabled={disabled === true}
        className={`icon-button ${className ?? ''}`}
      />
      <Tooltip className="tooltip" offset={8}>
        {keys === undefined ? label : `${label} (${keys})`}
      </Tooltip>
    </TooltipTrigger>
  )
}
