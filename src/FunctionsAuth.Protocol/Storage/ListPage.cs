namespace FunctionsAuth.Protocol.Storage;

/// <summary>Which part of a list somebody wants.</summary>
/// <param name="Most">How many entries at most: 1 to <see cref="MostOfAll"/>.</param>
/// <param name="After">What <see cref="ListPage{T}.Next"/> of the part before said; null for the first part.</param>
public readonly record struct ListRequest(int Most, string? After)
{
    /// <summary>A page of Table Storage has no more.</summary>
    public const int MostOfAll = 1_000;

    public static ListRequest First { get; } = new(MostOfAll, null);
}

/// <summary>A part of a list that is read part by part: its cost grows with the part, and not with the list.</summary>
/// <param name="Items">May be empty though there is more to come.</param>
/// <param name="Next">Where the next part begins; null at the end of the list.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Items, string? Next)
{
    public ListPage<TOther> With<TOther>(IEnumerable<TOther> items) => new([.. items], Next);
}
