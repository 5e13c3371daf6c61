using System.Text;
using Azure;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Local;

namespace FunctionsAuth.LocalHost.Memory;

/// <summary>
/// A query, page after page. A continuation token names the key where the next page begins, so rows may come and go between.
/// </summary>
internal sealed class MemoryPages(
    Func<MemoryTable> table, TableFilter filter, IReadOnlyCollection<string>? select, int? maxPerPage, TimeSpan latency, CancellationToken cancellationToken)
    : AsyncPageable<TableEntity>(cancellationToken)
{
    public const int MostPerPage = 1_000;

    public override async IAsyncEnumerable<Page<TableEntity>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
    {
        var size = pageSizeHint ?? maxPerPage ?? MostPerPage;
        if (size is < 1 or > MostPerPage) throw Refusals.BadInput("InvalidInput", $"A page holds 1 to {MostPerPage} entities.");
        var (first, last) = filter.Range();
        var next = string.IsNullOrEmpty(continuationToken) ? first : Decode(continuationToken);
        do
        {
            CancellationToken.ThrowIfCancellationRequested();
            var page = await Attempt.Run(() => Read(next, last, size), latency, CancellationToken).ConfigureAwait(false);
            next = page.Next;
            var token = next is { } key ? Encode(key) : null;
            yield return Page<TableEntity>.FromValues([.. page.Rows.Select(r => r.ToEntity(select))], token, new LocalResponse(200));
        }
        while (next is not null);
    }

    // Reads in pieces, so that a filter which few rows match doesn't hold the table's lock for long.
    private (List<MemoryRow> Rows, EntityKey? Next) Read(EntityKey from, EntityKey to, int size)
    {
        var found = new List<MemoryRow>();
        while (true)
        {
            var most = Math.Max(size + 1 - found.Count, 16);
            var piece = table().Range(from, to, most);
            foreach (var row in piece)
            {
                if (!filter.Matches(row.Value)) continue;
                if (found.Count == size) return (found, row.Key);
                found.Add(row);
            }
            if (piece.Count < most) return (found, null);
            // The smallest key behind the last one that was seen.
            from = piece[^1].Key with { Row = piece[^1].Key.Row + '\0' };
        }
    }

    private static string Encode(EntityKey key) => $"{Encode(key.Partition!)} {Encode(key.Row!)}";

    private static string Encode(string key) => Convert.ToBase64String(Encoding.UTF8.GetBytes(key));

    private static EntityKey Decode(string token)
    {
        var keys = token.Split(' ');
        if (keys.Length != 2) throw new ArgumentException("Not a continuation token of this query.", nameof(token));
        return new(Decoded(keys[0]), Decoded(keys[1]));

        static string Decoded(string key) => Encoding.UTF8.GetString(Convert.FromBase64String(key));
    }
}
