// How a person likes logs, kept in this browser.
import {kept} from '@/components/store';
import {TIME_FORMS, type TimeForm} from './times';

export const timeChoice = kept<TimeForm>('mainspring.log.times', TIME_FORMS, 'off');
export const wrapChoice = kept<'on' | 'off'>('mainspring.log.wrap', ['on', 'off'], 'off');
