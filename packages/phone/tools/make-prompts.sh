#!/bin/sh
# Makes the prompts anew from prompts/texts.tsv: espeak-ng says them, sox makes them 8 kHz µ-law WAV at one level.
# Needs Debian's espeak-ng and sox; run it from packages/phone after changing a text, and listen to what comes out.
set -eu
tail -n +2 prompts/texts.tsv | while IFS="$(printf '\t')" read -r name en fr; do
  for language in en fr; do
    if [ "$language" = en ]; then text=$en voice=en-gb; else text=$fr voice=fr-fr; fi
    espeak-ng -v "$voice" -s 150 -w /tmp/prompt.wav "$text"
    sox /tmp/prompt.wav -r 8000 -c 1 -e u-law "prompts/$language/$name.wav" highpass 200 lowpass 3400 norm -6 silence 1 0.01 0.3% reverse silence 1 0.01 0.3% reverse
  done
done
rm -f /tmp/prompt.wav
