/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nodes of single functions, which go to the same user as the group's; and firmware that keeps memory for
 * a controller. Board: iommufd; --write-deadline 500. */
#include <string.h>

#include "pf-test-helper.h"

#define EHCI "sys/bus/pci/devices/0000:00:1a.0/"
#define CONTROLLER PF_BUS_CONTROLLERS_PATH "/0000_00_1d_0"
#define FREE PF_BUS_CONTROLLERS_PATH "/0000_00_1a_0"
#define FIRST_OF_HELPER 3
#define N_CHANGES 7
#define WORDS "reserved memory for IOMMU group 12"

/* "NAME" of the node that belongs to the EHCI now, or NULL. */
static char *
find_node (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("PF_KERNEL"), EHCI "vfio-dev", NULL);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);

  return directory != NULL ? g_strdup (g_dir_read_name (directory)) : NULL;
}

static void
check_owner (const char *node, const char *expected)
{
  g_autofree char *path = g_build_filename (g_getenv ("PF_KERNEL"), "dev/vfio", node, NULL);
  const char *argv[] = { "stat", "-c", "%U %G %a\n", path, NULL };
  g_autofree char *output = NULL;

  g_assert_cmpint (pf_desk_run_as ("root", argv, &output, NULL), ==, 0);
  g_assert_cmpstr (g_strstrip (output), ==, expected);
}

static void
check_nodes (const char *expected)
{
  g_autofree char *name = find_node ();
  g_autofree char *node = g_build_filename ("devices", name, NULL);

  g_assert_nonnull (name);
  check_owner ("7", expected);
  check_owner (node, expected);
}

static void
check_at_home (void)
{
  g_autofree char *driver = pf_desk_kernel_link (EHCI "driver");
  g_autofree char *name = find_node ();

  g_assert_cmpstr (driver, ==, "ehci-pci");
  g_assert_null (name);
}

static void
apply (const char *id)
{
  g_autofree char *transaction = pf_test_apply ("active", id, "@a{sv} {}");
}

static void
test_given_and_taken (void)
{
  apply ("guest");
  check_nodes ("pf-active root 600");
  apply ("theirs");
  check_nodes ("pf-remote sudo 660");
  pf_test_go_home ();
  check_at_home ();
  apply ("theirs");
  check_nodes ("pf-remote sudo 660");
  pf_test_go_home ();
  check_at_home ();
}

static PfDeskCall *
start_apply (void)
{
  g_autofree char *path = pf_bus_profile_path ("theirs");
  g_autofree char *parameters = g_strdup_printf ("(objectpath '%s', @a{sv} {})", path);

  return pf_desk_call_start ("active", PF_DESK_CALL_NONE, PF_BUS_MANAGER_PATH, PF_TEST_MANAGER, "Apply",
                             g_variant_new_parsed (parameters), PF_TEST_TIMEOUT_MS);
}

/* At each change in turn: override, unbind and probe are written by children of the helper, owner and mode of
 * both nodes are changed by itself. The next call starts another helper, which finds the journal. */
static void
test_killed_midway (void)
{
  for (guint at = 0; at < N_CHANGES; at++)
    for (guint after = 0; after < 2; after++)
      {
        g_autofree char *fault = g_strdup_printf ("kill * %s %u %s", after ? "after" : "before", at,
                                                  at < FIRST_OF_HELPER ? "parent" : "caller");
        g_autoptr (GError) error = NULL;
        PfDeskCall *call;

        pf_test_control (fault);
        call = start_apply ();
        g_assert_null (pf_desk_call_finish (call, &error));
        pf_test_control ("unblock");
        pf_test_expect (PF_BUS_MANAGER_PATH, PF_TEST_MANAGER, "State", "'idle'");
        check_at_home ();
      }
  apply ("theirs");
  check_nodes ("pf-remote sudo 660");
  pf_test_go_home ();
}

/* A machine that has only the function's node open keeps its group, and is named. */
static void
test_held (void)
{
  apply ("guest");
  pf_test_control ("hold-device 0000:00:1a.0 4242 qemu");
  pf_test_expect (FREE, PF_TEST_CONTROLLER, "Holder", "'qemu (4242)'");
  pf_test_refuse_apply ("active", "none", "@a{sv} {}", PF_ERROR_HELD);
  check_nodes ("pf-active root 600");
  pf_test_control ("release 7");
  pf_test_control ("open-device 0000:00:1a.0 4243 qemu");
  pf_test_refuse_apply ("active", "none", "@a{sv} {}", PF_ERROR_HELD);
  pf_test_control ("release 7");
  pf_test_go_home ();
  check_at_home ();
}

static gboolean
preview_says (const char *id, const char *words)
{
  g_autofree char *path = pf_bus_profile_path (id);
  g_autoptr (GVariant) preview = pf_test_manager ("remote", "Preview", "(objectpath '%s',)", path);
  g_autofree char *text = g_variant_print (preview, FALSE);

  g_test_message ("%s", text);
  return strstr (text, words) != NULL;
}

static void
test_reserved (void)
{
  g_autofree char *warning = pf_test_get (CONTROLLER, PF_TEST_CONTROLLER, "Warning");
  g_autofree char *none = pf_test_get (FREE, PF_TEST_CONTROLLER, "Warning");
  g_autofree char *transaction = NULL;

  g_assert_nonnull (strstr (warning, WORDS));
  g_assert_nonnull (strstr (warning, "0xdd000000-0xdd0fffff"));
  g_assert_null (strstr (none, "reserved memory"));
  g_assert_true (preview_says ("kept", WORDS));
  g_assert_true (preview_says ("kept", "'reserved-memory'"));
  g_assert_false (preview_says ("guest", "reserved-memory"));
  pf_test_refuse_apply ("active", "kept", "@a{sv} {}", PF_ERROR_OBJECTION);
  transaction
      = pf_test_apply ("root", "kept", "{'override': <['reserved-memory']>, 'confirm-seconds': <uint32 60>}");
  pf_test_go_home ();
}

int
main (int argc, char **argv)
{
  pf_test_init (&argc, &argv);
  pf_test_add_profile ("guest", "{'controllers': <['00:1a.0']>}");
  pf_test_add_profile ("theirs",
                       "{'controllers': <['00:1a.0']>, 'vfio-user': <'pf-remote'>, 'vfio-group': <'sudo'>}");
  pf_test_add_profile ("kept", "{'controllers': <['00:1d.0']>}");
  pf_test_add_profile ("none", "{'controllers': <@as []>}");
  g_test_add_func ("/iommufd/given-and-taken", test_given_and_taken);
  g_test_add_func ("/iommufd/killed-midway", test_killed_midway);
  g_test_add_func ("/iommufd/held", test_held);
  g_test_add_func ("/iommufd/reserved", test_reserved);
  return g_test_run ();
}
