namespace FunctionsAuth.Protocol.Wire;

/// <summary>
/// Checks names that are made of few kinds of characters. The first regular expression of a process takes milliseconds of its start, so names that every
/// start reads are checked here.
/// </summary>
public static class NameText
{
    /// <summary>Whether a name has 1 to <paramref name="longest"/> characters, and all of them are allowed.</summary>
    public static bool IsMadeOf(ReadOnlySpan<char> name, int longest, Func<char, bool> isAllowed)
    {
        if (name.IsEmpty || name.Length > longest)
            return false;
        foreach (var c in name)
        {
            if (!isAllowed(c))
                return false;
        }
        return true;
    }
}
