//! One cell of a column as a JSON value.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrowPrimitiveType};
use arrow_schema::{DataType, TimeUnit};
use serde_json::{Map, Value};

/// The value in row `at`; null too for a type that no field of an article can have.
pub(super) fn of(array: &dyn Array, at: usize) -> Value {
    if at >= array.len() || array.is_null(at) {
        return Value::Null;
    }
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(at).into(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(at).into(),
        DataType::Utf8View => array.as_string_view().value(at).into(),
        DataType::Binary => text(array.as_binary::<i32>().value(at)),
        DataType::LargeBinary => text(array.as_binary::<i64>().value(at)),
        DataType::BinaryView => text(array.as_binary_view().value(at)),
        DataType::FixedSizeBinary(_) => {
            let bytes = array.as_fixed_size_binary().value(at);
            bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
        }
        DataType::Boolean => array.as_boolean().value(at).into(),
        DataType::Int8 => number::<Int8Type>(array, at),
        DataType::Int16 => number::<Int16Type>(array, at),
        DataType::Int32 => number::<Int32Type>(array, at),
        DataType::Int64 => number::<Int64Type>(array, at),
        DataType::UInt8 => number::<UInt8Type>(array, at),
        DataType::UInt16 => number::<UInt16Type>(array, at),
        DataType::UInt32 => number::<UInt32Type>(array, at),
        DataType::UInt64 => number::<UInt64Type>(array, at),
        DataType::Float32 => number::<Float32Type>(array, at),
        DataType::Float64 => number::<Float64Type>(array, at),
        DataType::Decimal128(..) => array.as_primitive::<Decimal128Type>().value_as_string(at).into(),
        DataType::Date32 => {
            array.as_primitive::<Date32Type>().value_as_date(at).map_or(Value::Null, |d| d.to_string().into())
        }
        DataType::Timestamp(unit, zone) => time(array, at, *unit, zone.is_some()),
        DataType::Struct(fields) => {
            let columns = array.as_struct().columns();
            let cells =
                fields.iter().zip(columns).map(|(field, column)| (field.name().clone(), of(column.as_ref(), at)));
            Value::Object(cells.collect::<Map<_, _>>())
        }
        DataType::List(_) => items(array.as_list::<i32>().value(at).as_ref()),
        DataType::LargeList(_) => items(array.as_list::<i64>().value(at).as_ref()),
        DataType::FixedSizeList(..) => items(array.as_fixed_size_list().value(at).as_ref()),
        _ => Value::Null,
    }
}

fn items(array: &dyn Array) -> Value {
    (0..array.len()).map(|at| of(array, at)).collect()
}

/// Bytes that are text, as some writers mark no text as such.
fn text(bytes: &[u8]) -> Value {
    std::str::from_utf8(bytes).map_or(Value::Null, Value::from)
}

fn number<T: ArrowPrimitiveType>(array: &dyn Array, at: usize) -> Value
where
    T::Native: Into<Value>,
{
    array.as_primitive::<T>().value(at).into()
}

/// A time as ISO 8601, of the day alone where it is midnight of no zone.
fn time(array: &dyn Array, at: usize, unit: TimeUnit, zoned: bool) -> Value {
    let time = match unit {
        TimeUnit::Second => array.as_primitive::<TimestampSecondType>().value_as_datetime(at),
        TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().value_as_datetime(at),
        TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().value_as_datetime(at),
        TimeUnit::Nanosecond => array.as_primitive::<TimestampNanosecondType>().value_as_datetime(at),
    };
    let Some(time) = time else { return Value::Null };
    let full = format!("{time:?}");
    match full.strip_suffix("T00:00:00") {
        Some(day) if !zoned => day.into(),
        _ if zoned => format!("{full}Z").into(),
        _ => full.into(),
    }
}
