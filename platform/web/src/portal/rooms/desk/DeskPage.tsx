// The first page of every role: what one comes for, without a click. Staff and families get their own chunks.
import { lazy, Suspense } from 'react'
import { isStaff, useMe } from '~/portal/me'
import { Lines } from '~/ui/DataState'

const FamilyPage = lazy(() => import('./FamilyPage').then((module) => ({ default: module.FamilyPage })))
const StaffPage = lazy(() => import('./StaffPage').then((module) => ({ default: module.StaffPage })))

export function DeskPage() {
  const me = useMe()
  return <Suspense fallback={<Lines />}>{isStaff(me) ? <StaffPage /> : <FamilyPage />}</Suspense>
}
