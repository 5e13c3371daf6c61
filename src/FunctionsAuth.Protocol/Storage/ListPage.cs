namespace FunctionsAuth.Protocol.Storage;

/// <summary>The requested part of a list.</summary>
/// <param name="Most">The maximum number of entries: 1 to <see cref="MostOfAll"/>.</param>
/// <param name="After">The <see cref="ListPage{T}.Next"/> of the part before; null for the first part.</param>
public readonly record struct ListRequest(int Most, string? After)
{
    /// <summary>The maximum of a page of Table Storage.</summary>
    public const int MostOfAll = 1_000;

    public static ListRequest First { get; } = new(MostOfAll, null);
}

/// <summary>A part of a list that is read part by part. Its cost depends on the size of the part, not of the list.</summary>
/// <param name="Items">The entries. The list can be empty even if more parts follow.</param>
/// <param name="Next">The position at which the next part begins; null at the end of the list.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Items, string? Next)
{
    public ListPage<TOther> With<TOther>(IEnumerable<TOther> items) => new([.. items], Next);
}
