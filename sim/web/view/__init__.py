"""What a page shows, as plain values that JSON can hold: the debate, one world, two worlds compared.

Server and report take their answers from here, so that both pages show the same numbers in the same words.
"""
