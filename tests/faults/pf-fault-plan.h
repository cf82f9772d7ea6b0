/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is tried: the switches, and for each of them what goes wrong where. */
#pragma once

#include "pf-profile.h"

G_BEGIN_DECLS

/* Where not all schedules are played, one in so many is. */
#define PF_FAULT_ONE_IN 4

/**
 * PfFaultCase:
 * @board: name of a board, see pf_fault_bench_new()
 * @from: what is in force before: "home", or controllers, then ports, then side, then "off" for SuperSpeed
 * off, with
 *   ";" between
 * @to: what is switched to
 *
 * One switch.
 */
typedef struct
{
  const char *board;
  const char *from;
  const char *to;
} PfFaultCase;

typedef enum
{
  PF_FAULT_FAIL,        /* a change fails, with an errno, or half of it, or without a word */
  PF_FAULT_BLOCK,       /* the kernel does not answer for a while */
  PF_FAULT_KILL,        /* the helper, or who writes for it, or both, are killed */
  PF_FAULT_TEAR,        /* power is lost: both, and the last record of the journal is torn */
  PF_FAULT_ORPHAN,      /* the kernel does not answer, the helper is killed, and the next one comes */
  PF_FAULT_VANISH,      /* a device is gone */
  PF_FAULT_DISK,        /* the disk is full */
  PF_FAULT_RACE,        /* two callers; the other one wants another switch */
  PF_FAULT_CALL,        /* two callers; the other one wants everything home */
  PF_FAULT_RIVAL,       /* two helpers */
  PF_FAULT_WAIT,        /* the helper is killed while the switch waits for confirmation */
  PF_FAULT_REVERT_KILL, /* the helper is killed while the switch is taken back */
  PF_FAULT_REVERT_FAIL, /* a change fails while the switch is carried out, or taken back */
  PF_FAULT_DOUBLE,      /* two changes fail, so that the roll-back may be refused as well */
  PF_FAULT_CRASH,       /* the helper is killed as it syncs a file */
  PF_FAULT_HOME_FAIL,   /* a change fails while everything is brought home */
  PF_FAULT_HOME_KILL,   /* the helper is killed while everything is brought home */
  PF_FAULT_RELAPSE,     /* the helper is killed, and the next one as well, while it recovers */
} PfFaultKind;

/**
 * PfFaultSchedule:
 * @number: names it: a thousand times the number of its case, and its own within that
 * @kind: what goes wrong
 * @op: which change to the kernel meets it, from 0; for PF_FAULT_CRASH: which sync of a file, from 0
 * @second: for PF_FAULT_DOUBLE: how many changes later the other one; for PF_FAULT_RELAPSE: which change of
 * the recovery, or which sync
 * @at_sync: for PF_FAULT_RELAPSE: the second one dies as it syncs a file
 * @effect: for what fails
 * @victim: for who is killed
 * @before: killed before the change is done, or after
 * @forever: all changes from there on fail, or hang
 * @seed: for what is random
 */
typedef struct
{
  guint number;
  const PfFaultCase *case_;
  guint case_number;
  PfFaultKind kind;
  guint op;
  guint second;
  gboolean at_sync;
  const char *effect;
  const char *victim;
  gboolean before;
  gboolean forever;
  guint32 seed;
} PfFaultSchedule;

/**
 * PfFaultOps:
 * @count: how many changes to the kernel a switch makes
 * @by_helper: which of them the helper makes itself, as bits: those that cannot hang
 * @syncs: how often the helper syncs a file
 */
typedef struct
{
  guint count;
  guint64 by_helper;
  guint syncs;
} PfFaultOps;

guint pf_fault_plan_count_cases (void);
const PfFaultCase *pf_fault_plan_get_case (guint index);
PfProfile *pf_fault_plan_create_profile (const char *id, const char *wish);
GArray *pf_fault_plan_create_schedules (guint index, const PfFaultOps *ops, gboolean all);
guint pf_fault_plan_get_case_of (guint number);
char *pf_fault_plan_describe (const PfFaultSchedule *schedule);

G_END_DECLS
