import { ArrayType } from '@mikro-orm/postgresql'

/**
 * `text[]` of what people wrote. Every value is quoted (PostgreSQL, 8.15.6): the ORM's own array type leaves most as they
 * are, and somebody called Null would come back as nobody.
 */
export class TextArray extends ArrayType<string> {
  override convertToDatabaseValue(values: string[]): string {
    return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
  }
}
