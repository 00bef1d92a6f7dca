import { logger } from '../../src/kernel/logger.ts'

logger.level = 'silent'
