# SPDX-License-Identifier: GPL-3.0-or-later
# A disk that the host lives on, behind the controller that is to be lent: refused, whoever asks, and nobody can override
# that. One that is only mounted is a soft objection.

profile single << 'END'
[Profile]
[Controller 0000:00:04.0]
END
find_stick () { stick=$(lsblk --noheadings --raw --paths --output NAME,LABEL | sed -n 's/ stick$//p'); [[ -n $stick ]]; }
check "there is a disk behind it" wait_for 15 find_stick
see "$(readlink -f "/sys/class/block/${stick##*/}")"
before=$(machine_state)

# severity_of CODE: as the preview has it.
severity_of () { portferryctl preview single --json | jq -r ".objections[] | select(.code == \"$1\") | .severity"; }

# refuse WHAT CODE SEVERITY PLACE: alice's switch is refused for that, and nothing has changed. Where it is hard, naming it
# as overridden does not help.
refuse ()
{
  ctl alice switch single --override no-reset
  equal "$1: refused (4: objection)" "$status" 4
  contains "$1: that is why" "$said" "$2"
  contains "$1: and where" "$said" "$4"
  contains "$1: and what" "$said" "${stick##*/}"
  equal "$1: its severity" "$(severity_of "$2")" "$3"
  if [[ $3 == hard ]]; then
    ctl root switch single --override no-reset --override "$2"
    check "$1: root cannot override it" test "$status" -ne 0
  fi
  equal "$1: nothing has changed" "$(machine_state)" "$before"
}

mount "$stick" /boot
refuse "at /boot" boot-disk hard /boot
umount /boot
mount "$stick" /home
refuse "at /home" home-disk hard /home
umount /home
mount "$stick" /mnt
refuse "at /mnt" mounted soft /mnt
umount /mnt
equal "with nothing mounted only the reset is objected to" \
  "$(portferryctl preview single --json | jq -r '.objections[] | select(.severity != "note").code' | paste -sd' ')" \
  no-reset
