/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever was lent, alone and in turn with others: at home everything is exactly as before. For any board.
 */
#include <string.h>
#include <sys/stat.h>

#include "pf-test-helper.h"

#define DEVICES "sys/bus/pci/devices"
#define ROUTING_REGISTER 0xd0
/* A machine with hundreds of controllers has them more or less alike. */
#define MAX_CONTROLLERS 16

static GPtrArray *profiles;

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list (const char *path)
{
  g_autofree char *folder = g_build_filename (g_getenv ("PF_KERNEL"), path, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

static void
append_function (GString *text, const char *address)
{
  g_autofree char *link = g_strdup_printf (DEVICES "/%s/driver", address);
  g_autofree char *file = g_strdup_printf (DEVICES "/%s/driver_override", address);
  g_autofree char *driver = pf_desk_kernel_link (link);
  g_autofree char *override = pf_desk_read_kernel (file);

  g_string_append_printf (text, "%s %s override=%s routing=%08x\n", address, driver != NULL ? driver : "-",
                          override, pf_desk_kernel_config (address, ROUTING_REGISTER));
}

/* Returns: (transfer full): what a switch can change of the machine */
static char *
describe_machine (void)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GPtrArray) functions = list (DEVICES);
  g_autoptr (GPtrArray) nodes = list ("dev/vfio");

  for (guint i = 0; i < functions->len; i++)
    append_function (text, functions->pdata[i]);
  for (guint i = 0; i < nodes->len; i++)
    {
      g_autofree char *path = g_build_filename (g_getenv ("PF_KERNEL"), "dev/vfio", nodes->pdata[i], NULL);
      struct stat status;

      g_assert_no_errno (stat (path, &status));
      g_string_append_printf (text, "%s %u:%u %o\n", path, status.st_uid, status.st_gid, status.st_mode);
    }
  return g_string_free (text, FALSE);
}

/* Returns: whether the machine can do that at all; a refusal must not have changed anything. */
static gboolean
apply (const char *id)
{
  g_autofree char *before = describe_machine ();
  g_autofree char *path = pf_bus_profile_path (id);
  g_autofree char *parameters
      = g_strdup_printf ("(objectpath '%s', {'override': <['last-keyboard', 'last-pointer', 'mounted', 'no-reset',"
                         " 'super-speed-half-stays']>})",
                         path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = pf_test_try ("root", PF_DESK_CALL_NONE,
                     &(PfTestCall){ "Manager", "Apply", PF_BUS_MANAGER_PATH, parameters }, &error);
  g_autofree char *after = NULL;
  g_autofree char *waiting = NULL;

  if (answer == NULL)
    {
      g_test_message ("%s: %s", id, error->message);
      after = describe_machine ();
      g_assert_cmpstr (before, ==, after);
      return FALSE;
    }
  waiting = pf_test_get (PF_BUS_MANAGER_PATH, PF_TEST_MANAGER, "Transaction");
  if (*waiting != '\0')
    g_variant_unref (pf_test_manager ("root", "Confirm", "('%s',)", waiting));
  return TRUE;
}

static void
add_profile (const char *address, const char *ports)
{
  g_autofree char *id = g_strdup_printf ("%s-%s", address, ports);
  g_autofree char *parameters = NULL;
  g_autoptr (GVariant) answer = NULL;

  g_strdelimit (id, ":.", '-');
  parameters = g_strdup_printf ("('%s', {'controllers': <['%s']>, 'ports': <@as [%s]>})", id, address,
                                *ports == '\0' ? "" : "'all'");
  answer = pf_test_try ("root", PF_DESK_CALL_NONE,
                        &(PfTestCall){ "Manager", "AddProfile", PF_BUS_MANAGER_PATH, parameters }, NULL);
  if (answer != NULL)
    g_ptr_array_add (profiles, g_steal_pointer (&id));
}

/* A profile for each controller, and where the board has a router one more with all the ports. */
static void
add_profiles (void)
{
  g_autoptr (GPtrArray) functions = list (DEVICES);

  for (guint i = 0; i < functions->len && profiles->len < 2 * MAX_CONTROLLERS; i++)
    {
      add_profile (functions->pdata[i], "");
      add_profile (functions->pdata[i], "all");
    }
}

static void
test_each (void)
{
  g_autofree char *start = describe_machine ();
  guint n_applied = 0;

  for (guint i = 0; i < profiles->len; i++)
    {
      g_autofree char *end = NULL;

      if (!apply (profiles->pdata[i]))
        continue;
      n_applied++;
      pf_test_go_home ();
      end = describe_machine ();
      g_assert_cmpstr (start, ==, end);
    }
  g_assert_cmpuint (n_applied, >, 0);
}

/* From one to the next without going home in between. */
static void
test_in_turn (void)
{
  g_autofree char *start = describe_machine ();
  g_autofree char *end = NULL;

  for (guint i = 0; i < profiles->len; i++)
    apply (profiles->pdata[i]);
  pf_test_go_home ();
  end = describe_machine ();
  g_assert_cmpstr (start, ==, end);
}

/* Somebody had routed some ports to the EHCIs before. */
static void
test_routed_before (void)
{
  g_autoptr (GError) error = NULL;

  pf_desk_kernel_control ("poke 0000:00:14.0 d0 00000a05", &error);
  g_assert_no_error (error);
  test_each ();
  test_in_turn ();
}

int
main (int argc, char **argv)
{
  int status;

  pf_test_init (&argc, &argv);
  profiles = g_ptr_array_new_with_free_func (g_free);
  add_profiles ();
  g_test_add_func ("/restore/each", test_each);
  g_test_add_func ("/restore/in-turn", test_in_turn);
  if (pf_desk_kernel_config ("0000:00:14.0", ROUTING_REGISTER) != 0)
    g_test_add_func ("/restore/routed-before", test_routed_before);
  status = g_test_run ();
  g_ptr_array_unref (profiles);
  return status;
}
