/** The meeting protocol between client and server: identifiers, schemas, error codes, versions. Holds no logic. */
export * from './error-code.ts'
export * from './events.ts'
export * from './http.ts'
export * from './ids.ts'
export * from './media-parameters.ts'
export * from './requests.ts'
export * from './version.ts'
export * from './wire.ts'
