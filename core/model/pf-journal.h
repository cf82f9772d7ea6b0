/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-plan.h"

G_BEGIN_DECLS

/* The most that a journal may hold, in bytes. A record of it is at most a few hundred. */
#define PF_JOURNAL_MAX_SIZE (1024 * 1024)

typedef enum
{
  PF_JOURNAL_APPLY,  /* a switch that somebody asked for: all of it, or nothing */
  PF_JOURNAL_RETURN, /* the way home: as much of it as can be had */
  PF_JOURNAL_REVERT, /* takes a switch back that nobody confirmed */
  PF_JOURNAL_OWED,   /* nothing is under way, but steps are owed */
} PfJournalKind;

typedef enum
{
  PF_JOURNAL_BEGIN,  /* a step is about to write */
  PF_JOURNAL_DONE,   /* it is done and was read back */
  PF_JOURNAL_UNDONE, /* the state before it is back */
  PF_JOURNAL_WAITS,  /* all is done, and goes back at a deadline unless somebody confirms it */
  PF_JOURNAL_END,    /* over; the text says what could not be put right, or nothing */
} PfJournalRecord;

typedef enum
{
  PF_JOURNAL_STEP_AHEAD,
  PF_JOURNAL_STEP_BEGUN,
  PF_JOURNAL_STEP_DONE,
  PF_JOURNAL_STEP_UNDONE,
} PfJournalStepState;

/**
 * PfJournal:
 * @kind: what is under way
 * @transaction: its name
 * @origin: who asked
 * @before: (nullable): id of the profile that was in force before; NULL for home
 * @previous: (nullable): id of the one before that
 * @plan: what is done; its profile is the one that it leads to
 * @owed: (element-type PfStep): steps of earlier switches that could not be finished, because the kernel did
 * not answer
 * @states: for each step of @plan how far it is
 * @deadline: when it goes back, CLOCK_REALTIME in microseconds; 0 when it does not wait
 * @torn: its last record was not written to its end
 * @ended: it is over
 * @problem: (nullable): what could not be put right
 *
 * The record on disk of a plan under way, as a plain value. docs/STATE.md describes the file.
 */
typedef struct
{
  PfJournalKind kind;
  char *transaction;
  char *origin;
  char *before;
  char *previous;
  PfPlan *plan;
  GPtrArray *owed;
  PfJournalStepState *states;
  gint64 deadline;
  gboolean torn;
  gboolean ended;
  char *problem;
} PfJournal;

/**
 * PfJournalChain:
 * @checksum: of the last record
 *
 * What ties a record to all those before it.
 */
typedef struct
{
  char checksum[17];
} PfJournalChain;

PfJournal *pf_journal_new (PfJournalKind kind, const PfPlan *plan);
void pf_journal_free (PfJournal *journal);
PfPlan *pf_journal_plan_recovery (const PfJournal *journal);
gboolean pf_journal_restores_profiles (const PfJournal *journal);
guint pf_journal_mark_untold (PfJournal *journal, const PfBoard *board);
gboolean pf_journal_fits_profile (const PfJournal *journal, const char *profile);

char *pf_journal_serialize (const PfJournal *journal, const char *boot, PfJournalChain *chain);
char *pf_journal_serialize_step_record (PfJournalRecord record, guint step, PfJournalChain *chain);
char *pf_journal_serialize_waits (gint64 deadline, PfJournalChain *chain);
char *pf_journal_serialize_end (const char *problem, PfJournalChain *chain);
PfJournal *
pf_journal_parse (const char *data, gsize length, const char *boot, gboolean *is_history, GError **error);

char *pf_journal_escape (const char *text);
gboolean pf_journal_unescape (const char *word, char **text);
void pf_journal_chain_add (PfJournalChain *chain, const char *payload, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfJournal, pf_journal_free)

G_END_DECLS
