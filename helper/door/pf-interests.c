/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-interests.h"

#include <errno.h>
#include <fcntl.h>

#include <glib-unix.h>

#include "pf-descriptors.h"
#include "pf-error.h"
#include "pf-file.h"

#define MAX_PER_USER 64
#define MAX_TOTAL 512

/* Each interest is a pipe. The caller gets the end that can only be read, so he can put nothing into it; the
 * kernel closes it when its last holder dies, and that shows as an error on ours. */
struct _PfInterests
{
  GObject parent_instance;

  GPtrArray *items;
};

typedef struct
{
  PfInterests *interests;
  uid_t user;
  int fd;
  guint watch_id;
} Interest;

G_DEFINE_TYPE (PfInterests, pf_interests, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
interest_free (Interest *interest)
{
  g_clear_handle_id (&interest->watch_id, g_source_remove);
  close (interest->fd);
  g_free (interest);
}

static void
pf_interests_init (PfInterests *interests)
{
  interests->items = g_ptr_array_new_with_free_func ((GDestroyNotify) interest_free);
}

static void
pf_interests_finalize (GObject *object)
{
  g_ptr_array_unref (PF_INTERESTS (object)->items);
  G_OBJECT_CLASS (pf_interests_parent_class)->finalize (object);
}

static void
pf_interests_class_init (PfInterestsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_interests_finalize;
  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", PF_TYPE_INTERESTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * pf_interests_new:
 *
 * Returns: (transfer full): nobody is interested
 */
PfInterests *
pf_interests_new (void)
{
  return g_object_new (PF_TYPE_INTERESTS, NULL);
}

static gboolean
on_interest_lost (int fd, GIOCondition condition, gpointer user_data)
{
  Interest *interest = user_data;
  PfInterests *interests = interest->interests;

  interest->watch_id = 0;
  g_ptr_array_remove_fast (interests->items, interest);
  g_signal_emit (interests, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static gboolean
check_limits (PfInterests *interests, uid_t caller, GError **error)
{
  guint count = 0;

  for (guint i = 0; i < interests->items->len; i++)
    {
      const Interest *interest = interests->items->pdata[i];

      count += interest->user == caller;
    }
  if (count < MAX_PER_USER && interests->items->len < MAX_TOTAL)
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED, "A user can hold %d interests at a time.",
               MAX_PER_USER);
  return FALSE;
}

/**
 * pf_interests_add:
 * @interests: who is interested
 * @caller: one more who is
 * @error: PF_ERROR_LIMIT_EXCEEDED, PF_ERROR_FAILED
 *
 * Returns: (transfer full): a descriptor for him, to be closed here when he has it: the interest lasts for as
 * long as any process has it open; -1 on failure
 */
int
pf_interests_add (PfInterests *interests, uid_t caller, GError **error)
{
  Interest *interest;
  int fds[2];

  if (!check_limits (interests, caller, error))
    return -1;
  if (pipe2 (fds, O_CLOEXEC) < 0)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_FAILED, "There are no descriptors left: %s", g_strerror (errno));
      return -1;
    }
  if (!pf_descriptors_check_reserve (error))
    {
      close (fds[0]);
      close (fds[1]);
      return -1;
    }
  interest = g_new0 (Interest, 1);
  interest->interests = interests;
  interest->user = caller;
  interest->fd = fds[1];
  interest->watch_id = g_unix_fd_add (fds[1], G_IO_ERR, on_interest_lost, interest);
  g_ptr_array_add (interests->items, interest);
  g_signal_emit (interests, signals[SIGNAL_CHANGED], 0);
  return fds[0];
}

/**
 * pf_interests_count:
 * @interests: who is interested
 *
 * Returns: how many interests are held
 */
guint
pf_interests_count (PfInterests *interests)
{
  return interests->items->len;
}
