/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The virtual machines that this user runs, by the command lines of their processes. They are only read to
 * say how much memory they lock; a process can write there what it likes. */

#include "pf-doctor-guests.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pf-qemu-name.h"

#define MAX_CMDLINE (64 * 1024)
#define MIB (G_GUINT64_CONSTANT (1) << 20)
#define MOST 1e15 /* bytes, and more than any machine has */
/* QEMU's own when it is told nothing (hw/core/machine.c, default_ram_size). */
#define DEFAULT_MEMORY (128 * MIB)

/* "4096", "4G", "2048M", "8388608k": megabytes without a suffix (QEMU's qemu-options.hx, -m). */
static guint64
parse_size (const char *text)
{
  static const char units[] = "bkmgtpe";
  char *end;
  double number = g_ascii_strtod (text, &end);
  const char *unit = *end != '\0' && *end != ',' ? strchr (units, g_ascii_tolower (*end)) : units + 2;

  if (end == text || unit == NULL || *unit == '\0')
    return 0;
  number *= (double) (G_GUINT64_CONSTANT (1) << (10 * (unit - units)));
  return number >= 1 && number < MOST ? (guint64) number : 0;
}

/* "size=4G,slots=2,maxmem=8G", "4096,slots=2" */
static guint64
parse_option (const char *option)
{
  g_auto (GStrv) parts = g_strsplit (option, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (g_str_has_prefix (parts[i], "size="))
      return parse_size (parts[i] + strlen ("size="));
  return parts[0] != NULL && strchr (parts[0], '=') == NULL ? parse_size (parts[0]) : 0;
}

static gboolean
is_qemu (const char *program)
{
  g_autofree char *name = g_path_get_basename (program);

  return g_str_has_prefix (name, "qemu-system-") || g_str_has_prefix (name, "qemu-kvm")
         || g_str_equal (name, "kvm");
}

/**
 * pf_doctor_guests_parse_memory:
 * @cmdline: a process's arguments, each with a zero byte at its end
 * @length: of all of it
 *
 * Returns: the memory of the virtual machine that the process runs, in bytes; 0 where it is none
 */
guint64
pf_doctor_guests_parse_memory (const char *cmdline, gsize length)
{
  const char *end = cmdline + length;
  const char *argument = cmdline;
  guint64 memory = DEFAULT_MEMORY;
  gboolean is_value = FALSE;

  if (length == 0 || end[-1] != '\0' || !is_qemu (cmdline))
    return 0;
  while ((argument += strlen (argument) + 1) < end)
    {
      guint64 told = is_value ? parse_option (argument) : 0;

      if (told > 0)
        memory = told;
      is_value = g_str_equal (argument, "-m") || g_str_equal (argument, "--m");
    }
  return memory;
}

/* Only those of this user: libvirt's system service raises the limit of its own. */
static gboolean
is_own (const char *folder)
{
  struct stat status;

  return stat (folder, &status) == 0 && status.st_uid == getuid ();
}

static void
read_process (PfDoctorFacts *facts, const char *root, const char *number)
{
  g_autofree char *folder = g_build_filename (root, "proc", number, NULL);
  g_autofree char *path = g_build_filename (folder, "cmdline", NULL);
  g_autofree char *text = NULL;
  gsize length;
  guint64 memory;

  if (!is_own (folder) || !g_file_get_contents (path, &text, &length, NULL) || length > MAX_CMDLINE)
    return;
  memory = pf_doctor_guests_parse_memory (text, length);
  if (memory <= facts->guest_memory)
    return;
  facts->guest_memory = memory;
  g_free (facts->guest_name);
  facts->guest_name = pf_qemu_name_parse (text, length);
}

/**
 * pf_doctor_guests_read:
 * @facts: gets the largest of this user's running virtual machines
 * @root: below which /proc is
 */
void
pf_doctor_guests_read (PfDoctorFacts *facts, const char *root)
{
  g_autofree char *folder = g_build_filename (root, "proc", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_ascii_isdigit (*name))
      read_process (facts, root, name);
}
