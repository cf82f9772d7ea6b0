/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The profiles on disk: what is written is found again, and what people write by hand is taken for what it
 * is. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "pf-error.h"
#include "pf-store.h"
#include "pf-test-folder.h"

#define GOOD "[Profile]\nLabel=Windows\n"

typedef struct
{
  char *folder;
  PfStore *store;
  gboolean changed;
} Fixture;

static void
on_store_changed (Fixture *fixture)
{
  fixture->changed = TRUE;
}

static void
open_store (Fixture *fixture)
{
  g_clear_object (&fixture->store);
  fixture->store = pf_store_new (fixture->folder);
  g_signal_connect_swapped (fixture->store, "changed", G_CALLBACK (on_store_changed), fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = pf_test_folder_new ();
  open_store (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->store);
  pf_test_folder_remove (fixture->folder);
}

static void
add (Fixture *fixture, const char *id)
{
  g_autoptr (PfProfile) profile = pf_profile_new (id);
  g_autoptr (GError) error = NULL;

  pf_store_add (fixture->store, profile, &error);
  g_assert_no_error (error);
}

static void
test_home (Fixture *fixture, gconstpointer data)
{
  const PfStoreEntry *entry = pf_store_find (fixture->store, "home");
  g_autoptr (PfProfile) home = pf_profile_new_home ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (pf_store_list (fixture->store)->len, ==, 1);
  g_assert_nonnull (entry);
  g_assert_true (pf_profile_is_home (entry->profile));
  g_assert_false (pf_store_add (fixture->store, home, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_PROFILE_EXISTS);
  g_clear_error (&error);
  g_assert_false (pf_store_update (fixture->store, home, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_NO_SUCH_PROFILE);
  g_clear_error (&error);
  g_assert_false (pf_store_remove (fixture->store, "home", &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_NO_SUCH_PROFILE);
  g_assert_null (pf_store_find_only (fixture->store));
}

static void
test_keep (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfProfile) changed = NULL;
  const PfProfile *profile;

  add (fixture, "guest");
  g_assert_true (fixture->changed);
  open_store (fixture);
  profile = pf_store_require (fixture->store, "guest", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (profile->label, ==, "guest");
  g_assert_true (pf_store_find_only (fixture->store) == profile);

  changed = pf_profile_copy (profile);
  g_assert_true (pf_profile_set_label (changed, "Spiele ⛴", &error));
  g_assert_true (pf_store_update (fixture->store, changed, &error));
  open_store (fixture);
  g_assert_cmpstr (pf_store_require (fixture->store, "guest", &error)->label, ==, "Spiele ⛴");

  g_assert_true (pf_store_remove (fixture->store, "guest", &error));
  g_assert_no_error (error);
  g_assert_null (pf_store_find (fixture->store, "guest"));
  g_assert_null (pf_test_folder_read (fixture->folder, "profiles.d/guest.profile"));
}

static void
test_twice (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfProfile) profile = pf_profile_new ("guest");
  g_autoptr (GError) error = NULL;

  /* Not noticed by the watch yet, and still there. */
  pf_test_folder_write (fixture->folder, "profiles.d/guest.profile", GOOD);
  g_assert_false (pf_store_add (fixture->store, profile, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_PROFILE_EXISTS);
  g_assert_cmpstr (pf_store_find (fixture->store, "guest")->profile->label, ==, "Windows");
}

static void
test_limit (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfProfile) last = pf_profile_new ("last");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < PF_STORE_MAX_PROFILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("profiles.d/p%03u.profile", i);

      pf_test_folder_write (fixture->folder, name, GOOD);
    }
  g_assert_false (pf_store_add (fixture->store, last, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED);
  pf_test_folder_write (fixture->folder, "profiles.d/p256.profile", GOOD);
  open_store (fixture);
  g_assert_cmpuint (pf_store_list (fixture->store)->len, ==, PF_STORE_MAX_PROFILES + 1);
  g_assert_null (pf_store_find (fixture->store, "p256"));
}

static void
test_hand_edit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  pf_test_folder_write (fixture->folder, "profiles.d/guest.profile", GOOD);
  pf_test_iterate_until (&fixture->changed, 2000);
  g_assert_cmpstr (pf_store_find (fixture->store, "guest")->profile->label, ==, "Windows");
  before = pf_store_get_fingerprint (fixture->store, "guest");

  fixture->changed = FALSE;
  pf_test_folder_write (fixture->folder, "profiles.d/guest.profile", "[Profile]\nLabel=Linux\n");
  pf_test_iterate_until (&fixture->changed, 2000);
  g_assert_cmpstr (pf_store_find (fixture->store, "guest")->profile->label, ==, "Linux");
  after = pf_store_get_fingerprint (fixture->store, "guest");
  g_assert_cmpstr (before, !=, after);

  fixture->changed = FALSE;
  pf_store_remove (fixture->store, "guest", NULL);
  g_assert_true (fixture->changed);
}

static void
check_bad (Fixture *fixture, const char *id)
{
  const PfStoreEntry *entry = pf_store_find (fixture->store, id);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (entry);
  g_assert_null (entry->profile);
  g_assert_cmpstr (entry->problem->message, !=, "");
  g_assert_null (pf_store_require (fixture->store, id, &error));
  g_assert_cmpint (error->domain, ==, PF_ERROR);
}

static void
test_bad_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *large = g_strnfill (PF_PROFILE_MAX_SIZE + 1, '#');
  g_autofree char *fifo = g_build_filename (fixture->folder, "profiles.d", "fifo.profile", NULL);
  g_autofree char *folder = g_build_filename (fixture->folder, "profiles.d", "folder.profile", NULL);

  pf_test_folder_write (fixture->folder, "profiles.d/garbage.profile", "\377\376 nothing of the kind");
  pf_test_folder_write (fixture->folder, "profiles.d/large.profile", large);
  pf_test_folder_write (fixture->folder, "profiles.d/good.profile", GOOD);
  g_assert_cmpint (mkfifo (fifo, 0644), ==, 0);
  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  open_store (fixture);
  check_bad (fixture, "garbage");
  check_bad (fixture, "large");
  check_bad (fixture, "fifo");
  check_bad (fixture, "folder");
  g_assert_nonnull (pf_store_find (fixture->store, "good")->profile);
}

static void
check_not_used (Fixture *fixture, const char *path)
{
  const PfStoreEntry *entry = NULL;

  open_store (fixture);
  check_bad (fixture, "guest");
  entry = pf_store_find (fixture->store, "guest");
  g_assert_nonnull (strstr (entry->problem->message, path));
  g_assert_nonnull (strstr (entry->problem->message, "belong to root"));
}

/* A profile decides what is lent, without a password: one that others than root could have written, behind a
 * link too, is none. */
static void
test_of_others (Fixture *fixture, gconstpointer data)
{
  static const mode_t modes[] = { 0664, 0646, 0666 };
  g_autofree char *path = g_build_filename (fixture->folder, "profiles.d", "guest.profile", NULL);
  g_autofree char *away = g_build_filename (fixture->folder, "away", NULL);

  pf_test_folder_write (fixture->folder, "profiles.d/guest.profile", GOOD);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_assert_cmpint (g_chmod (path, modes[i]), ==, 0);
      check_not_used (fixture, path);
    }
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  open_store (fixture);
  g_assert_nonnull (pf_store_find (fixture->store, "guest")->profile);
  /* Giving a file away takes root. */
  if (geteuid () != 0)
    return;
  g_assert_cmpint (chown (path, 65534, 0), ==, 0);
  check_not_used (fixture, path);
  g_assert_cmpint (g_rename (path, away), ==, 0);
  g_assert_cmpint (symlink (away, path), ==, 0);
  check_not_used (fixture, path);
}

static void
test_foreign_names (Fixture *fixture, gconstpointer data)
{
  static const char *const names[]
      = { ".guest.profile.swp", "guest.profile~", "Guest.profile", "home.profile",
          "a b.profile",        ".profile",       "guest",         "-x.profile" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = g_strconcat ("profiles.d/", names[i], NULL);

      pf_test_folder_write (fixture->folder, name, GOOD);
    }
  open_store (fixture);
  g_assert_cmpuint (pf_store_list (fixture->store)->len, ==, 1);
  g_assert_cmpstr (pf_store_find (fixture->store, "home")->profile->label, ==, "Home");
}

static void
test_write_fails (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "profiles.d", NULL);
  g_autofree char *away = g_build_filename (fixture->folder, "away", NULL);
  g_autoptr (PfProfile) profile = pf_profile_new ("guest");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_rename (folder, away), ==, 0);
  g_assert_false (pf_store_add (fixture->store, profile, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_WRITE_FAILED);
  g_assert_null (pf_store_find (fixture->store, "guest"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/store/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("home", test_home);
  ADD ("keep", test_keep);
  ADD ("twice", test_twice);
  ADD ("limit", test_limit);
  ADD ("hand-edit", test_hand_edit);
  ADD ("bad-files", test_bad_files);
  ADD ("of-others", test_of_others);
  ADD ("foreign-names", test_foreign_names);
  ADD ("write-fails", test_write_fails);
  return g_test_run ();
}
