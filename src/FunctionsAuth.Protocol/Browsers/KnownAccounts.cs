using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Browsers;

/// <summary>
/// The accounts that signed in with this browser, newest first: their usernames, from a cookie of the browser. Nothing is looked up with them. So a
/// forged cookie only shows its own content, and does not reveal whether an account exists.
/// </summary>
public sealed class KnownAccounts
{
    private const char Separator = '.';
    private const int MostAccounts = 4;

    /// <summary>Characters. Browsers keep cookies of up to 4,096 bytes.</summary>
    private const int MostLength = 2_000;

    private const int EndLength = sizeof(int);
    private const int SecondsAnHour = 60 * 60;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly List<Entry> entries;

    private KnownAccounts(IEnumerable<Entry> entries) => this.entries = Fitting(entries);

    /// <summary>The time at which the last account is forgotten; null if there is none.</summary>
    public DateTimeOffset? KnownUntil => entries.Count == 0 ? null : DateTimeOffset.FromUnixTimeSeconds((long)entries.Max(entry => entry.EndHour) * SecondsAnHour);

    public static KnownAccounts Parse(string? cookie, DateTimeOffset now)
    {
        var entries = (cookie is { Length: <= MostLength } ? cookie.Split(Separator) : []).Select(Entry.Parse).OfType<Entry>();
        // No session lasts for ten years.
        return new(entries.Where(entry => entry.EndHour >= HourOf(now) && entry.EndHour <= HourOf(now.AddYears(10))));
    }

    /// <param name="until">The time at which the browser forgets the account, rounded up to the hour.</param>
    public KnownAccounts With(string username, DateTimeOffset until)
    {
        // A later login without "keep me signed in" does not shorten this time.
        var known = entries.Find(entry => entry.Username == username);
        return new(Without(username).entries.Prepend(new Entry(username, Math.Max(HourOf(until), known?.EndHour ?? 0))));
    }

    public KnownAccounts Without(string username) => new(entries.Where(entry => entry.Username != username));

    /// <summary>Their usernames, the one of the session first.</summary>
    public IReadOnlyList<string> NamesWith(Session? session) => [.. (session is null ? [] : new[] { session.Username }).Union(entries.Select(entry => entry.Username))];

    public override string ToString() => string.Join(Separator, entries);

    private static int HourOf(DateTimeOffset moment) => (int)Math.Ceiling(moment.ToUnixTimeSeconds() / (double)SecondsAnHour);

    private static List<Entry> Fitting(IEnumerable<Entry> entries)
    {
        List<Entry> fitting = [];
        var length = 0;
        foreach (var entry in entries.DistinctBy(entry => entry.Username).Take(MostAccounts))
        {
            length += entry.ToString().Length + 1;
            if (length <= MostLength)
                fitting.Add(entry);
        }
        return fitting;
    }

    private sealed record Entry(string Username, int EndHour)
    {
        public static Entry? Parse(string text)
        {
            if (!Base64Url.IsValid(text, out var length) || length <= EndLength)
                return null;
            var bytes = Base64Url.DecodeFromChars(text);
            try
            {
                var username = StrictUtf8.GetString(bytes.AsSpan(EndLength));
                return UsernameRules.ProblemOf(username) is null ? new Entry(username, BinaryPrimitives.ReadInt32BigEndian(bytes)) : null;
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }

        public override string ToString()
        {
            var name = Encoding.UTF8.GetBytes(Username);
            var bytes = new byte[EndLength + name.Length];
            BinaryPrimitives.WriteInt32BigEndian(bytes, EndHour);
            name.CopyTo(bytes, EndLength);
            return Base64Url.EncodeToString(bytes);
        }
    }
}
