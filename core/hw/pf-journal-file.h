/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-journal.h"

G_BEGIN_DECLS

/**
 * PfJournalFile:
 *
 * The journal on disk, and the locks beside it: one that makes its owner the only one, and one that the
 * processes which write to the kernel for it share with it, for they can outlive it.
 */
typedef struct _PfJournalFile PfJournalFile;

PfJournalFile *pf_journal_file_new (const char *folder, const char *boot, guint patience, GError **error);
void pf_journal_file_free (PfJournalFile *file);
int pf_journal_file_get_witness (const PfJournalFile *file);
gboolean pf_journal_file_is_alone (PfJournalFile *file);
PfJournal *pf_journal_file_load (PfJournalFile *file, GError **error);
void pf_journal_file_refuse (PfJournalFile *file, const char *why, GError **error);
gboolean pf_journal_file_begin (PfJournalFile *file, const PfJournal *journal, GError **error);
gboolean pf_journal_file_add_step (PfJournalFile *file, PfJournalRecord record, guint step, GError **error);
gboolean pf_journal_file_add_waits (PfJournalFile *file, gint64 deadline, GError **error);
gboolean pf_journal_file_end (PfJournalFile *file, const char *problem, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfJournalFile, pf_journal_file_free)

G_END_DECLS
