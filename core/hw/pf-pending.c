/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-pending.h"

#include "pf-error.h"

typedef struct
{
  guint id;
  char *address;
  char *what;
  gboolean overdue;
} Entry;

struct _PfPending
{
  GPtrArray *entries;
  guint last_id;
  PfPendingFunc callback;
  gpointer user_data;
};

static void
entry_free (Entry *entry)
{
  g_free (entry->address);
  g_free (entry->what);
  g_free (entry);
}

/**
 * pf_pending_new:
 *
 * Returns: (transfer full): nothing is pending
 */
PfPending *
pf_pending_new (void)
{
  PfPending *pending = g_new0 (PfPending, 1);

  pending->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  return pending;
}

/**
 * pf_pending_free:
 * @pending: (transfer full): what is pending
 */
void
pf_pending_free (PfPending *pending)
{
  g_ptr_array_unref (pending->entries);
  g_free (pending);
}

/**
 * pf_pending_set_callback:
 * @pending: what is pending
 * @callback: (nullable): called when a write is overdue, and when one that was overdue has been answered
 * @user_data: for @callback
 */
void
pf_pending_set_callback (PfPending *pending, PfPendingFunc callback, gpointer user_data)
{
  pending->callback = callback;
  pending->user_data = user_data;
}

static void
notify (PfPending *pending)
{
  if (pending->callback != NULL)
    pending->callback (pending->user_data);
}

/**
 * pf_pending_add:
 * @pending: what is pending
 * @address: PCI address of the function
 * @what: what the kernel was asked, for people
 *
 * Returns: names the entry
 */
guint
pf_pending_add (PfPending *pending, const char *address, const char *what)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->id = ++pending->last_id;
  entry->address = g_strdup (address);
  entry->what = g_strdup (what);
  g_ptr_array_add (pending->entries, entry);
  return entry->id;
}

static Entry *
find (const PfPending *pending, guint id)
{
  for (guint i = 0; i < pending->entries->len; i++)
    {
      Entry *entry = pending->entries->pdata[i];

      if (entry->id == id)
        return entry;
    }
  return NULL;
}

/**
 * pf_pending_mark_overdue:
 * @pending: what is pending
 * @id: of an entry whose deadline is over
 */
void
pf_pending_mark_overdue (PfPending *pending, guint id)
{
  find (pending, id)->overdue = TRUE;
  notify (pending);
}

/**
 * pf_pending_remove:
 * @pending: what is pending
 * @id: of an entry that the kernel has answered
 */
void
pf_pending_remove (PfPending *pending, guint id)
{
  Entry *entry = find (pending, id);
  gboolean overdue = entry->overdue;

  g_ptr_array_remove (pending->entries, entry);
  if (overdue)
    notify (pending);
}

/**
 * pf_pending_has:
 * @pending: what is pending
 * @address: PCI address of a function
 *
 * Returns: whether the kernel works on it
 */
gboolean
pf_pending_has (const PfPending *pending, const char *address)
{
  for (guint i = 0; i < pending->entries->len; i++)
    if (g_str_equal (((const Entry *) pending->entries->pdata[i])->address, address))
      return TRUE;
  return FALSE;
}

/**
 * pf_pending_find_overdue:
 * @pending: what is pending
 * @address: PCI address of a function
 *
 * Returns: (transfer none) (nullable): what the kernel should long have answered about it
 */
const char *
pf_pending_find_overdue (const PfPending *pending, const char *address)
{
  for (guint i = 0; i < pending->entries->len; i++)
    {
      const Entry *entry = pending->entries->pdata[i];

      if (entry->overdue && g_str_equal (entry->address, address))
        return entry->what;
    }
  return NULL;
}

/**
 * pf_pending_check:
 * @pending: what is pending
 * @address: PCI address of a function
 * @error: PF_ERROR_TIMED_OUT
 *
 * Returns: whether no write about it is overdue
 */
gboolean
pf_pending_check (const PfPending *pending, const char *address, GError **error)
{
  const char *what = pf_pending_find_overdue (pending, address);

  if (what == NULL)
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_TIMED_OUT, "The kernel still works on a write to %s for %s.", what,
               address);
  return FALSE;
}

/**
 * pf_pending_get_first_overdue:
 * @pending: what is pending
 *
 * Returns: (transfer none) (nullable): PCI address of a function of which the kernel should long have
 * answered something
 */
const char *
pf_pending_get_first_overdue (const PfPending *pending)
{
  for (guint i = 0; i < pending->entries->len; i++)
    {
      const Entry *entry = pending->entries->pdata[i];

      if (entry->overdue)
        return entry->address;
    }
  return NULL;
}
