using System.Buffers.Text;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Tests;

public sealed class HandleTests
{
    private static readonly DateTimeOffset End = new(2030, 5, 1, 10, 59, 59, TimeSpan.Zero);

    [Fact]
    public void A_handle_is_112_characters_and_reads_back_as_it_was()
    {
        var handle = New();
        var text = handle.Encode();
        Assert.Equal(112, text.Length);
        Assert.True(Handle.TryParse(text, HandleKind.RefreshToken, out var read));
        Assert.Equal(handle.Address, read.Address);
        Assert.Equal(handle.FamilySecret, read.FamilySecret);
        Assert.Equal(handle.Secret, read.Secret);
    }

    [Fact]
    public void A_handle_of_one_kind_is_none_of_another() =>
        Assert.False(Handle.TryParse(New().Encode(), HandleKind.AuthorizationCode, out _));

    [Fact]
    public void A_handle_has_one_spelling()
    {
        var text = New().Encode();
        string[] others = [text + "=", " " + text, text + "\n", text[..^1], text + "A", text.Insert(50, " "), text[..^1] + "%", text[..^1] + "é", ""];
        Assert.All(others, other => Assert.False(Handle.TryParse(other, HandleKind.RefreshToken, out _)));
        Assert.False(Handle.TryParse(null, HandleKind.RefreshToken, out _));
    }

    [Fact]
    public void An_address_has_one_spelling_though_its_last_character_has_unused_bits()
    {
        var text = RecordAddress.New(End).ToString();
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        // Six bits a character, of which the last one has two to spare: 4 of the 64 are spellings, each of another address.
        var spellings = alphabet.Select(last => text[..^1] + last).Where(spelling => RecordAddress.TryParse(spelling, out _)).ToList();
        Assert.Equal(4, spellings.Count);
        Assert.All(spellings, spelling => Assert.True(RecordAddress.TryParse(spelling, out var address) && address.ToString() == spelling));
    }

    [Fact]
    public void The_text_of_a_handle_in_a_log_gives_no_secret_away()
    {
        var handle = New();
        Assert.DoesNotContain(Base64Url.EncodeToString(handle.Secret)[..8], handle.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(handle.Encode()[40..60], handle.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_sorted_by_shard_and_then_by_the_hour_in_which_the_record_ends()
    {
        var address = RecordAddress.New(End);
        var shard = Convert.ToInt32(address.PartitionKey[..1], 16);
        Assert.Equal(RecordAddress.PartitionKeyOf(shard, End), address.PartitionKey);
        Assert.True(string.CompareOrdinal(address.PartitionKey, RecordAddress.PartitionKeyOf(shard, End.AddSeconds(1))) < 0);
        Assert.True(string.CompareOrdinal(RecordAddress.PartitionKeyOf(shard, End.AddYears(-20)), address.PartitionKey) < 0);
    }

    [Fact]
    public void Addresses_are_spread_over_all_shards() =>
        Assert.Equal(16, Enumerable.Range(0, 1000).Select(_ => RecordAddress.New(End).PartitionKey).Distinct().Count());

    private static Handle New() => new(HandleKind.RefreshToken, RecordAddress.New(End), Handle.NewSecret(), Handle.NewSecret());
}
