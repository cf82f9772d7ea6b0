/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The watch over who opens what is lent, where inotify sees nothing: a VM is told of by KVM, and then looked
 * for. */
#include <unistd.h>

#include "pf-holder-watch.h"
#include "pf-test-folder.h"

#define GROUP 7

typedef struct
{
  char *folder;
  char *dev;
  PfTree *tree;
  PfBoard *board;
  PfLoans *loans;
  PfHolderWatch *watch;
  gboolean changed;
} Fixture;

static gboolean
on_changed (gpointer user_data)
{
  ((Fixture *) user_data)->changed = TRUE;
  return G_SOURCE_REMOVE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = NULL;
  g_autofree char *proc = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = pf_test_folder_new ();
  fixture->dev = g_build_filename (fixture->folder, "dev", NULL);
  proc = g_build_filename (fixture->folder, "proc", NULL);
  pf_test_folder_write (fixture->folder, "dev/vfio/7", "");
  pf_test_folder_write (fixture->folder, "proc/4242/comm", "qemu\n");
  pf_test_folder_write (fixture->folder, "proc/4242/fd/none", "");
  link = g_build_filename (fixture->folder, "proc/4242/fd/23", NULL);
  g_assert_cmpint (symlink ("/dev/vfio/7", link), ==, 0);
  fixture->tree = pf_tree_new (fixture->folder, fixture->dev, proc, &error);
  g_assert_no_error (error);
  fixture->board = pf_board_new ();
  fixture->loans = pf_loans_new ();
  pf_loans_add (fixture->loans, GROUP);
  fixture->watch = pf_holder_watch_new (fixture->tree, fixture->dev, on_changed, fixture);
  pf_holder_watch_update (fixture->watch, fixture->board, fixture->loans, FALSE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  pf_holder_watch_free (fixture->watch);
  pf_loans_free (fixture->loans);
  pf_board_free (fixture->board);
  pf_tree_unref (fixture->tree);
  g_free (fixture->dev);
  pf_test_folder_remove (fixture->folder);
}

static void
test_expect (Fixture *fixture, gconstpointer data)
{
  pf_holder_watch_expect (fixture->watch);
  pf_test_iterate_until (&fixture->changed, 5000);
  g_assert_true (fixture->changed);
}

static gboolean
start_another (gpointer user_data)
{
  pf_holder_watch_expect (((Fixture *) user_data)->watch);
  return G_SOURCE_CONTINUE;
}

/* Whoever may use KVM can start one VM after the other. That must not put the look off for ever, and with it
 * the way home of a keyboard. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  guint id = g_timeout_add (100, start_another, fixture);

  pf_test_iterate_until (&fixture->changed, 5000);
  g_source_remove (id);
  g_assert_true (fixture->changed);
}

/* The group was held when the machine was read, and is free now; nothing has told. */
static void
read_as_held (Fixture *fixture, gboolean awaited)
{
  PfGroup *group = g_new0 (PfGroup, 1);

  group->id = GROUP;
  group->members = g_ptr_array_new ();
  group->reserved = g_array_new (FALSE, TRUE, sizeof (PfRegion));
  group->held = TRUE;
  g_ptr_array_add (fixture->board->groups, group);
  pf_holder_watch_update (fixture->watch, fixture->board, fixture->loans, awaited);
}

static void
test_awaited (Fixture *fixture, gconstpointer data)
{
  read_as_held (fixture, TRUE);
  pf_test_iterate_until (&fixture->changed, 5000);
  g_assert_true (fixture->changed);
}

static void
test_called_home (Fixture *fixture, gconstpointer data)
{
  pf_loans_find (fixture->loans, GROUP)->wanted_home = TRUE;
  read_as_held (fixture, FALSE);
  pf_test_iterate_until (&fixture->changed, 5000);
  g_assert_true (fixture->changed);
}

static gboolean
raise_flag (gpointer flag)
{
  *(gboolean *) flag = TRUE;
  return G_SOURCE_REMOVE;
}

/* Nobody waits for it, and so nobody asks, in twice the time. */
static void
test_not_awaited (Fixture *fixture, gconstpointer data)
{
  gboolean over = FALSE;

  read_as_held (fixture, FALSE);
  g_timeout_add (2500, raise_flag, &over);
  pf_test_iterate_until (&over, 5000);
  g_assert_false (fixture->changed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/holder-watch/expect", Fixture, NULL, set_up, test_expect, tear_down);
  g_test_add ("/holder-watch/many", Fixture, NULL, set_up, test_many, tear_down);
  g_test_add ("/holder-watch/awaited", Fixture, NULL, set_up, test_awaited, tear_down);
  g_test_add ("/holder-watch/called-home", Fixture, NULL, set_up, test_called_home, tear_down);
  g_test_add ("/holder-watch/not-awaited", Fixture, NULL, set_up, test_not_awaited, tear_down);
  return g_test_run ();
}
